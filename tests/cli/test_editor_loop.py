"""The text editor saves exactly what is typed, with any splits of the input and any deletions."""

from __future__ import annotations

import pytest

from ndojo.cli.editor_loop import Writer


class Typed:
    """Keys that arrive in these chunks."""

    def __init__(self, *chunks: str) -> None:
        self._chunks, self.left = list(chunks), ""

    def typed(self, seconds: float) -> str:
        return self._chunks.pop(0)

    def unread(self, text: str) -> None:
        self.left = text


def written(*chunks, begun="", width=20):
    """Return the text, each saved version, and what was typed ahead."""
    kept, keys = [], Typed(*chunks)
    text = Writer(keys, width, kept.append).write(begun)  # type: ignore[arg-type]
    return text, kept, keys.left


@pytest.mark.parametrize(
    ("typed", "text"),
    [
        ("one\n.\n", "one"),
        ("one\x04", "one"),
        ("two lines\nhere\x04", "two lines\nhere"),
        ("onn\x7fe\x04", "one"),
        ("one\nt\x7f\x7f!\x04", "one!"),
        ("gone\x15here\x04", "here"),
        ("\x7f\x7fone\x04", "one"),
        ("a tab\tand a bell\x07 are none\x04", "a taband a bell are\nnone"),
        ("ends. in .\nthe middle\x04", "ends. in .\nthe middle"),
        ("words are kept whole here\x04", "words are kept\nwhole here"),
        ("aaaaaaaaaaaaaaaaaaaaaaaa\x04", "aaaaaaaaaaaaaaaaaaaa\naaaa"),
        ("été ∑\x04", "été ∑"),
        ("\x04", ""),
    ],
)
def test_what_is_typed_is_what_is_written(typed, text):
    """The keys arrive in one chunk, or one at a time."""
    assert written(typed)[0] == text
    assert written(*typed)[0] == text


def test_every_key_is_kept():
    assert written("a", "b", "\x7f", "c", "\x04")[1] == ["a", "ab", "a", "ac", "ac"]


def test_what_was_begun_is_gone_on_with():
    assert written(" more\x04", begun="begun\nand")[0] == "begun\nand more"


def test_what_is_typed_ahead_is_not_lost():
    assert written("one\n.\nyn")[2] == "yn"
