"""The statements in the documentation are true."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

import ndojo.question
from ndojo.proof.verify import verify
from ndojo.question.loading import load_file
from ndojo.question.verdict_codes import VERDICT_WORDS
from ndojo.sandbox import TIERS, Sandbox

ROOT = Path(__file__).parent.parent
PAGES = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/*.md")])


def read(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_between_pages_lead_somewhere(page: Path) -> None:
    """Every relative link on every page names an existing file."""
    for target in re.findall(r"\]\((?!https?:|#|mailto:)([^)#]+)", page.read_text(encoding="utf-8")):
        assert (page.parent / target).exists(), f"{page.name} links to {target}"


def test_every_word_of_the_vocabulary_is_explained() -> None:
    """The authoring guide explains every name that can be imported."""
    guide = read("docs/writing-a-question.md")
    missing = [word for word in ndojo.question.__all__ if word not in guide]
    assert missing in ([], ["LAYOUTS", "Match", "QuestionError"])


def test_the_guide_s_question_is_a_question(tmp_path: Path) -> None:
    """The example loads. `verify` finds only what the example omits on purpose."""
    (snippet,) = re.findall(r"```python\n(.*?)```", read("docs/writing-a-question.md"), re.S)
    path = tmp_path / "indexing" / "every_other.py"
    path.parent.mkdir()
    path.write_text(snippet, encoding="utf-8")
    with Sandbox() as sandbox:
        proof = verify(load_file(path), sandbox)
    assert {problem.subject for problem in proof.problems} == {"traps"}
    assert proof.traps_dead == 1 and proof.right_proven == 1


def test_every_verdict_word_is_in_the_design() -> None:
    """The table of codes is complete."""
    design = read("docs/design.md")
    for code, word in VERDICT_WORDS.items():
        assert f"| {code} | {word} |" in design


def test_every_tier_is_in_the_security_page() -> None:
    """The page describes each tier that a verdict can name."""
    for tier in TIERS:
        assert f"| {tier} |" in read("docs/security.md")


def test_reference_is_what_the_command_line_says() -> None:
    """The reference page is generated from the command line by `script/reference.py`."""
    made = subprocess.run(
        [sys.executable, ROOT / "script" / "reference.py", "--print"], capture_output=True, check=True
    )
    assert made.stdout.decode() == read("docs/reference.md")
