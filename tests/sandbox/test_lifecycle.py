"""No process outlives the judge, and the sandbox survives failures around it."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from ndojo.sandbox import Sandbox, SandboxUnavailable

from .conftest import PROGRAM, is_running

JUDGE = f"""
import time
from ndojo.sandbox import Sandbox
if __name__ == "__main__":
    sandbox = Sandbox({{tier!r}}, program="{PROGRAM}")
    child = sandbox.child()
    child.send(b"import os; answer = os.getcwd()")
    print(bytes(child.receive(10)).decode())
    child.send(b"while True: pass")
    print(child.pid, *sandbox._launcher.idle_pids(), flush=True)
    time.sleep({{seconds}})
"""


def start(tier: str, seconds: float = 60) -> tuple[subprocess.Popen[str], list[int], str]:
    """Start a judge in a separate process group.

    Return it with the processes that it started and a child's scratch folder.
    """
    code = JUDGE.format(tier=tier, seconds=seconds)
    judge = subprocess.Popen(
        [sys.executable, "-c", code],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        start_new_session=True,
    )
    assert judge.stdout is not None
    folder = judge.stdout.readline().strip()
    pids = [int(pid) for pid in judge.stdout.readline().split()]
    if not pids:
        pytest.skip(f"the tier {tier} does not work here")
    return judge, [*pids, *descendants(judge.pid)], folder


def descendants(pid: int) -> list[int]:
    """Return the process ids of all children and their children."""
    found = [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    return found + [deeper for child in found for deeper in descendants(child)]


def all_gone(pids: list[int], seconds: float = 30) -> bool:
    """Return whether the processes end in time."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if not any(map(is_running, pids)):
            return True
        time.sleep(0.02)
    return False


@pytest.mark.parametrize("tier", ["full", "container", "partial"])
def test_killed_judge_leaves_nothing_behind(tier: str) -> None:
    """Killing the judge ends the zygote, the spares and a busy child, and removes their folders."""
    judge, pids, folder = start(tier)
    judge.kill()
    judge.wait()
    assert len(pids) >= 4
    assert all_gone(pids)
    assert not os.path.exists(os.path.dirname(folder) if tier != "full" else folder)


@pytest.mark.parametrize("tier", ["full", "container", "plain"])
def test_interrupted_judge_leaves_nothing_behind(tier: str) -> None:
    """Ctrl+C reaches only the judge, and the judge ends the other processes."""
    judge, pids, _ = start(tier)
    os.killpg(judge.pid, signal.SIGINT)
    judge.wait(30)
    assert all_gone(pids)


def test_judge_that_ends_leaves_nothing_behind() -> None:
    """A judge may exit without closing its sandbox."""
    judge, pids, _ = start("full", seconds=0)
    judge.wait(30)
    assert all_gone(pids)


def test_killed_zygote_is_replaced() -> None:
    """If the system kills the zygote, the next child comes from a new one."""
    with Sandbox(program=PROGRAM, spares=1) as sandbox:
        with sandbox.child() as child:
            os.kill(sandbox._launcher._zygote.pid, signal.SIGKILL)  # type: ignore[attr-defined]
            assert child.end().signal == signal.SIGKILL
        with sandbox.child() as child:
            child.send(b"answer = b'back'")
            assert child.receive(10) == b"back"


def test_zygote_killed_with_an_order_unread_is_replaced() -> None:
    """If a zygote ends with unread data, the system resets the connection."""
    with Sandbox(program=PROGRAM, spares=1) as sandbox:
        child = sandbox.child()
        zygote = sandbox._launcher._zygote.pid  # type: ignore[attr-defined]
        for pid in (zygote, *descendants(zygote)):
            os.kill(pid, signal.SIGSTOP)
        child.release()
        os.kill(zygote, signal.SIGKILL)
        with sandbox.child() as child:
            child.send(b"answer = b'back'")
            assert child.receive(10) == b"back"


def test_sandbox_outlives_the_thread_that_made_it() -> None:
    """A sandbox still provides children after the thread that created it has ended."""
    made: list[Sandbox] = []
    thread = threading.Thread(target=lambda: made.append(Sandbox(program=PROGRAM, spares=1)))
    thread.start()
    thread.join()
    time.sleep(0.1)
    with made[0] as sandbox, sandbox.child() as child:
        child.send(b"answer = b'here'")
        assert child.receive(10) == b"here"


def test_forked_judge_does_not_close_it() -> None:
    """A fork of the judge that exits does not close its parent's sandbox."""
    with Sandbox(program=PROGRAM, spares=1) as sandbox:
        sandbox.child().end()
        if (pid := os.fork()) == 0:
            sandbox.close()
            os._exit(0)
        os.waitpid(pid, 0)
        sandbox.child().end()


def test_closed_sandbox_says_so() -> None:
    """A closed sandbox provides no children and may be closed again."""
    sandbox = Sandbox(program=PROGRAM, spares=1)
    sandbox.close()
    sandbox.close()
    with pytest.raises(SandboxUnavailable, match="closed"):
        sandbox.child()


def test_start_does_not_wait() -> None:
    """Creating a sandbox takes a fraction of the zygote's own start time."""
    begin = time.monotonic()
    with Sandbox(program=PROGRAM, spares=1) as sandbox:
        made = time.monotonic()
        sandbox.child().end()
        assert made - begin < (time.monotonic() - made) / 2
