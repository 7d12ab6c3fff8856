"""Everything a person reads follows "How we write". The check finds violations, and ndojo's own prose has none."""

import re
from pathlib import Path

import pytest

from ndojo.proof.language import LONGEST_SENTENCE, PHRASES, check_file, check_text

ROOT = Path(__file__).parents[1]
SOURCES = sorted((ROOT / "src" / "ndojo").rglob("*.py"))
PAGES = [
    *sorted((ROOT / "docs").glob("*.md")),
    *(ROOT / f"{name}.md" for name in ("README", "CONTRIBUTING", "CHANGELOG")),
]
SCRIPTS = [*sorted((ROOT / "script").iterdir()), ROOT / "pyproject.toml", *sorted((ROOT / "bench").glob("*.py"))]
GUIDE = ROOT / "docs" / "how-we-write.md"

LISTS = {"proof/language.py", "sandbox/preload.py"}
"""Files whose strings list phrases or module names."""


def findings(path: Path) -> list[str]:
    """Return what the check finds in a file. Words of an SQL statement are ignored because they form no sentence."""
    return [str(one) for one in check_file(path, path.relative_to(ROOT).as_posix()) if "v.code IS NOT" not in one.found]


@pytest.mark.parametrize("folder", sorted({path.parent for path in SOURCES}), ids=lambda path: path.name)
def test_source_is_in_plain_english(folder: Path) -> None:
    """The check covers prompts, messages, help texts, docstrings and comments."""
    files = [path for path in folder.glob("*.py") if f"{path.parent.name}/{path.name}" not in LISTS]
    assert files
    assert not [one for path in files for one in findings(path)]


@pytest.mark.parametrize("page", PAGES + SCRIPTS, ids=lambda path: path.name)
def test_page_is_in_plain_english(page: Path) -> None:
    assert not findings(page)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Each row has memory of its own.", "of its own"),
        ("The elements are laid out in C order.", "laid out"),
        ("Values are taken one by one.", "one by one"),
        ("The neighbours of a cell are counted.", "neighbour"),
        ("An array of any colour is allowed.", "colour"),
        ("The sum wraps round in int8.", "wraps round"),
    ],
)
def test_planted_phrase_is_found(tmp_path: Path, text: str, found: str) -> None:
    """A finding names the file, the line, the phrase and what to write instead."""
    path = tmp_path / "page.md"
    path.write_text(f"# Title\n\nThis line is plain.\n\n{text}\n", encoding="utf-8")
    (one,) = check_file(path, "page.md")
    assert (one.path, one.line, one.found) == ("page.md", 5, found)
    assert one.instead and str(one) == f"page.md:5: {found!r}: write {one.instead}"


def test_planted_phrase_is_found_in_strings_and_comments(tmp_path: Path) -> None:
    path = tmp_path / "code.py"
    path.write_text('# The rows are compared one by one.\nTEXT = "Each row has memory of its own."\n', encoding="utf-8")
    assert [(one.line, one.found) for one in check_file(path)] == [(1, "one by one"), (2, "of its own")]


def test_sentence_that_is_too_long_is_found() -> None:
    longest = "word " * (LONGEST_SENTENCE - 1)
    assert not list(check_text(f"{longest}end."))
    ((_, _, instead),) = check_text(f"{longest}one more.")
    assert "shorter sentences" in instead


def test_code_is_not_prose() -> None:
    assert not list(check_text("Call `np.whatever(one_by_one)` here.\n\n>>> whatever = 'of its own'\n"))


def test_guide_lists_phrases_that_are_checked() -> None:
    """The check finds every phrase in the guide's table."""
    table = GUIDE.read_text(encoding="utf-8").split("## Phrases")[1].split("## ")[0]
    phrases = [phrase for row in re.findall(r"^\| (`.*?) \|", table, re.M) for phrase in re.findall(r"`(.*?)`", row)]
    assert len(phrases) > 10
    for phrase in phrases:
        assert any(re.search(rule.pattern, phrase, re.I) for rule in PHRASES), phrase
