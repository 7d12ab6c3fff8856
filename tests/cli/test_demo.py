"""`ndojo demo`: every answer that comes with ndojo gets its verdict, with the real bank."""

from __future__ import annotations

import os
import subprocess

from ndojo.cli import demo, main


def test_demo_gives_each_answer_its_verdict(command, tmp_path):
    """The answers are right, copying, trapped, mutating, endless and hostile. Nothing is saved."""
    environment = os.environ | {"NDOJO_DATA": str(tmp_path / "data")}
    done = subprocess.run([*command, "demo"], env=environment, cwd=tmp_path, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    for word in ("(AC)", "(VW)", "(WT)", "(IM)", "(TLE)", "one short", "PermissionError", "FileNotFoundError"):
        assert word in done.stdout
    assert "NOT the verdict" not in done.stdout
    assert not (tmp_path / "data").exists()


def test_demo_leaves_hostile_answers_out_where_no_walls_stand(monkeypatch, capsys):
    """Without isolation, they would do real harm."""
    few = [one for one in demo.ANSWERS if one.name in ("passes", "steals")]
    monkeypatch.setattr(demo, "ANSWERS", few)
    assert main(["demo", "--tier", "plain"]) == 0
    assert "Skipped: 1 hostile answer" in capsys.readouterr().out
