"""The next drill depends only on the earlier answers."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ndojo.question.drills import Drill, Prediction, predict
from ndojo.study.drills import (
    DOWN,
    GAP,
    START,
    UP,
    Past,
    Template,
    best_streak,
    by_topic,
    choose,
    draw,
    hardness_of,
    level,
    missed,
    streak,
    variant_of,
)

TEMPLATES = [Template(f"question-{n // 2}", f"drill_{n}", (f"Topic {n // 4}",)) for n in range(12)]


def past(*answers: tuple[int, bool]) -> list[Past]:
    """Return answers to templates by number, right or wrong."""
    return [Past(TEMPLATES[number], f"v{place}", right) for place, (number, right) in enumerate(answers)]


def rng(seed: int = 0) -> np.random.Generator:
    return np.random.default_rng(seed)


def ten(generator: np.random.Generator, hardness: float) -> Prediction:
    """Return a template with ten variants."""
    return predict(f"{generator.integers(10)}", why="A number is itself.")


def test_topic_begins_easy() -> None:
    assert level("Topic 0", []) == START == hardness_of(TEMPLATES[0], [])
    assert hardness_of(Template("q", "d", ()), []) == START


def test_right_answers_make_it_harder_and_a_miss_takes_back_three() -> None:
    """The hardness stabilizes where three of four answers are right."""
    assert level("Topic 0", past((0, True), (1, True))) == pytest.approx(START + 2 * UP)
    assert level("Topic 0", past(*[(0, True)] * 20)) == 1
    assert level("Topic 0", past(*[(0, True)] * 20, (0, False))) == pytest.approx(1 - DOWN)
    assert pytest.approx(3 * UP) == DOWN


def test_a_topic_is_not_touched_by_others() -> None:
    assert level("Topic 1", past(*[(0, True)] * 9)) == START


@given(st.floats(0.05, 0.95), st.integers(0, 2**32))
def test_hardness_settles_near_what_the_learner_can(skill: float, seed: int) -> None:
    """For a learner who is right only up to some hardness, the hardness stays near it."""
    answers: list[Past] = []
    hard: list[float] = []
    for _ in range(120):
        hard.append(level("Topic 0", answers))
        answers.append(Past(TEMPLATES[0], "v", hard[-1] <= skill))
    assert abs(np.mean(hard[40:]) - skill) < DOWN


def test_missed_template_comes_back_after_others(monkeypatch: pytest.MonkeyPatch) -> None:
    """It is not asked during the gap. After that, it is the most likely one."""
    answered = past((0, False), (2, True), (4, True), (6, True))
    assert missed(answered) == [TEMPLATES[0]]
    for place in range(1, GAP + 1):
        assert all(choose(TEMPLATES, answered[:place], rng(seed)) != TEMPLATES[0] for seed in range(50))
    chosen = Counter(choose(TEMPLATES, answered, rng(seed)) for seed in range(200))
    assert chosen.most_common(1)[0][0] == TEMPLATES[0] and chosen[TEMPLATES[0]] > 100


def test_missed_template_is_owed_until_it_is_right() -> None:
    assert missed(past((0, False), (2, False), (0, True))) == [TEMPLATES[2]]
    assert missed(past((0, True), (2, False), (0, False))) == [TEMPLATES[2], TEMPLATES[0]]


def test_no_two_of_one_question_in_a_row() -> None:
    """If other templates exist, no question comes twice in a row. A single template may repeat."""
    answered = past((0, True))
    assert {choose(TEMPLATES, answered, rng(seed)).question for seed in range(50)}.isdisjoint({"question-0"})
    assert choose(TEMPLATES[:1], answered, rng()) == TEMPLATES[0]
    assert choose(TEMPLATES[:2], answered, rng()) == TEMPLATES[1]


def test_every_template_has_its_turn() -> None:
    """Templates with fewer answers are more likely."""
    answered: list[Past] = []
    generator = rng(3)
    for _ in range(200):
        answered.append(Past(choose(TEMPLATES, answered, generator), "v", True))
    counts = Counter(one.template for one in answered)
    assert len(counts) == len(TEMPLATES) and min(counts.values()) >= 10


@given(st.lists(st.tuples(st.integers(0, 11), st.booleans()), max_size=30), st.integers(0, 9))
def test_choice_is_of_those_that_are_meant_and_the_same_for_a_seed(
    answers: Sequence[tuple[int, bool]], seed: int
) -> None:
    meant = TEMPLATES[3:9]
    first, again = (choose(meant, past(*answers), rng(seed)) for _ in range(2))
    assert first == again and first in meant


def test_variants_do_not_repeat_until_there_are_no_more() -> None:
    """All ten variants are drawn once, and then none."""
    seen: set[str] = set()
    generator = rng()
    while drawn := draw(Drill("What?", ten), 0.5, seen, generator):
        variant = variant_of(drawn[0])
        assert variant not in seen
        seen.add(variant)
    assert len(seen) >= 9


def test_variant_is_told_by_what_is_asked() -> None:
    one = predict("1", why="So.")
    assert variant_of(one) == variant_of(predict("1", why="Because.")) != variant_of(predict("1", "So.", "Which?"))


@given(st.floats(0, 1), st.integers(0, 99))
def test_hardness_stays_within_bounds(hardness: float, seed: int) -> None:
    """The search for a new variant may change the hardness."""
    asked: list[float] = []

    def vary(generator: np.random.Generator, hard: float) -> Prediction:
        asked.append(hard)
        return predict("1", why="One.")

    assert draw(Drill("What?", vary), hardness, {variant_of(predict("1", why=""))}, rng(seed)) is None
    assert min(asked) >= 0 and max(asked) <= 1 and asked[0] == pytest.approx(hardness, abs=0.01)


def test_streaks_and_topics_are_counted() -> None:
    answered = past((0, True), (1, True), (4, False), (0, True))
    assert (streak(answered), best_streak(answered), streak([]), best_streak([])) == (1, 2, 0, 0)
    assert by_topic(answered) == {"Topic 0": (3, 3), "Topic 1": (0, 1)}
