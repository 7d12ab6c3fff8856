"""The learner's settings, drafts and mock interviews are read back as they were saved."""

from datetime import datetime, timedelta

import pytest

from ndojo.store import Attempt, Mock, MockEvent, Store, StoreError


def test_last_choice_counts_and_the_others_stay(store: Store, now: datetime) -> None:
    assert store.chosen("minutes_a_day") is None
    for value in (30, 45, None, {"any": ["thing"]}):
        store.choose("minutes_a_day", value, now)
        assert store.chosen("minutes_a_day") == value
    assert store.chosen("interview") is None


def test_versions_of_a_draft_come_back_whole(store: Store, now: datetime) -> None:
    """Each version builds on the previous one. Lone surrogates and NUL survive."""
    for place, (kept, added) in enumerate([(0, "ab\x00\ud800"), (2, "c"), (0, ""), (0, "new")]):
        store.keep_draft("mock 1 item 0", kept, added, now + timedelta(seconds=place))
    store.keep_draft("another", 0, "else", now)
    versions = store.drafts("mock 1 item 0")
    assert [text for _, text in versions] == ["ab\x00\ud800", "abc", "", "new"]
    assert versions[0][0] == now and store.drafts("nothing") == []


def test_mock_and_what_happened_in_it_come_back(store: Store, now: datetime) -> None:
    items = [{"question": "softmax", "kind": "code"}]
    number = store.keep_mock("Acme", 45, 7, items, now)
    store.record_mock(number, 0, "begun", now, {"folder": "here"})
    store.record_mock(number, 0, "alive", now + timedelta(seconds=10))
    assert store.mocks() == [Mock(number, "Acme", 45, 7, items, now)]
    assert store.mock_events(number) == [
        MockEvent(0, "begun", now, {"folder": "here"}),
        MockEvent(0, "alive", now + timedelta(seconds=10)),
    ]
    assert store.mock_events(number + 1) == []


def test_event_of_no_mock_is_refused(store: Store, now: datetime) -> None:
    with pytest.raises(StoreError):
        store.record_mock(9, 0, "begun", now)


def test_attempts_leave_out_what_counts_for_nothing(store: Store, now: datetime) -> None:
    """Internal errors, answers without a verdict, and unchanged starters do not count."""
    verdict = {"passed_levels": 0, "levels": ["right", "lean"], "seconds": 0.1}
    starter = 'raise NotImplementedError("your answer goes here")'
    for source, code, levels in [
        ("x", "IE", None),
        ("x", "WA", 1),
        (starter, "RE", None),
        ("y", "RE", None),
        ("z", "", None),
    ]:
        answer = store.keep_answer("softmax", "1", source, "a.py", levels, now)
        if code:
            store.keep_verdict(answer, verdict | {"verdict": code}, "0.1", now)
    assert store.attempts() == [Attempt("softmax", now, "WA", 0, 2, True), Attempt("softmax", now, "RE", 0, 2, False)]


@pytest.mark.parametrize("table", ["settings", "drafts", "mocks", "mock_events"])
@pytest.mark.parametrize(
    "change", ["DELETE FROM {0}", "UPDATE {0} SET rowid = 9", "REPLACE INTO {0} SELECT * FROM {0}"]
)
def test_rows_are_never_changed_or_deleted(store: Store, now: datetime, table: str, change: str) -> None:
    store.choose("minutes_a_day", 30, now)
    store.keep_draft("a", 0, "b", now)
    store.record_mock(store.keep_mock("", 45, 1, [], now), 0, "begun", now)
    before = "\n".join(store._connection.iterdump())
    with pytest.raises(StoreError, match="never"):
        store._write(change.format(table), ())
    assert "\n".join(store._connection.iterdump()) == before
