"""Guarantees for a judge that communicates with a possibly hostile sandbox process."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
import time
from typing import Any

import numpy as np
import pytest

from ndojo.sandbox import Child, ChildGone, ChildTimeout, FrameTooBig, Limits, Sandbox, SandboxUnavailable, tiers

from .conftest import LIMITS, PROGRAM, Sandboxes, is_running

TALK = "import os\ndef talk(data): os.write(3, data)\n"


def ask(child: Child, source: str, seconds: float = 10.0) -> str:
    """Run the source in the child and return the value of `answer`."""
    child.send(source.encode())
    return child.receive(seconds).decode(errors="replace")


@pytest.fixture(params=["full", "container", "plain"])
def any_sandbox(request: pytest.FixtureRequest, sandboxes: Sandboxes) -> Sandbox:
    """One sandbox for each way to start processes: with a mounted folder, an ordinary folder, or a plain program."""
    return sandboxes.get(request.param)


def test_frames_arrive_whole_in_both_directions(any_sandbox: Sandbox) -> None:
    """Eight megabytes come back unchanged, and several buffers of one frame are joined."""
    array = np.arange(1 << 20, dtype=np.float64)
    with any_sandbox.child() as child:
        child.send(b"answer = bytes(", b"range(10))", np.empty((0, 3)))
        assert child.receive(10) == bytes(range(10))
        child.send(b"import numpy as np\nanswer = np.arange(1 << 20, dtype=np.float64)")
        assert child.receive(10) == array.tobytes()
        child.send(b"answer = len('", bytes(array.nbytes).replace(b"\0", b"x"), b"').to_bytes(8, 'little')")
        assert int.from_bytes(child.receive(10), "little") == array.nbytes


def test_frames_sent_ahead_are_answered_in_order(any_sandbox: Sandbox) -> None:
    """A second frame may be sent before the first is answered."""
    with any_sandbox.child() as child:
        child.send(b"answer = 'first'")
        child.send(b"answer = ''")
        child.send(b"answer = 'third'")
        assert [bytes(child.receive(10)) for _ in range(3)] == [b"first", b"", b"third"]


def test_woken_child_answers_as_any_other(any_sandbox: Sandbox) -> None:
    """The answer may arrive immediately, while the process waits for it, or after the process is asleep again."""
    for pause in (0.0, 0.004, 0.05):
        any_sandbox.wake()
        any_sandbox.wake()
        time.sleep(pause)
        with any_sandbox.child() as child:
            assert ask(child, "answer = 'here'") == "here"


def test_rousing_waits_for_nothing() -> None:
    """Waking works for a sandbox that is still starting and for a closed one."""
    with Sandbox(program=PROGRAM, limits=LIMITS) as sandbox:
        sandbox.wake()
        with sandbox.child() as child:
            assert ask(child, "answer = 'here'") == "here"
    sandbox.wake()


def test_exit_status_is_no_answer(any_sandbox: Sandbox) -> None:
    """A child that exits with status 0 is reported as gone."""
    with any_sandbox.child() as child, pytest.raises(ChildGone) as gone:
        ask(child, "import os; os._exit(0)")
    assert (gone.value.ending.status, gone.value.ending.signal) == (0, None)
    assert gone.value.ending.reason == "exited with status 0"


def test_crash_is_told_from_an_exit(any_sandbox: Sandbox) -> None:
    """A segmentation fault is reported with its signal."""
    with any_sandbox.child() as child, pytest.raises(ChildGone, match=r"crashed \(SIGSEGV\)"):
        ask(child, "import ctypes; ctypes.string_at(0)")


def test_hostile_call_kills_at_once(sandbox: Sandbox) -> None:
    """If the child traces another process, the kernel's filter kills it."""
    with sandbox.child() as child, pytest.raises(ChildGone, match="killed by the system call filter"):
        ask(child, "import ctypes; ctypes.CDLL(None).ptrace(0, 0, 0, 0)")


@pytest.mark.skipif(os.uname().machine != "x86_64", reason="other architectures have one set of numbers")
def test_call_by_foreign_numbers_kills_at_once(sandboxes: Sandboxes) -> None:
    """System calls by x32 or 32-bit numbers kill the child, even if it may run machine code."""
    code = "b'\\xb8\\x14\\x00\\x00\\x00\\xcd\\x80\\xc3'"
    interrupt = (
        "import ctypes, mmap\nmemory = mmap.mmap(-1, 4096, prot=7)\n"
        f"memory.write({code})\nstart = ctypes.addressof(ctypes.c_char.from_buffer(memory))\n"
        "ctypes.CFUNCTYPE(ctypes.c_int)(start)()"
    )
    x32 = "import ctypes; ctypes.CDLL(None).syscall(ctypes.c_long(0x40000000 + 39))"
    for source in (interrupt, x32):
        child = sandboxes.get("full", frozenset({tiers.NO_EXEC})).child()
        with child, pytest.raises(ChildGone, match="killed by the system call filter"):
            ask(child, source)


def test_processor_time_runs_out(sandbox: Sandbox) -> None:
    """The kernel kills a loop that ignores every warning, without help from the judge."""
    source = "import signal\nsignal.signal(signal.SIGXCPU, signal.SIG_IGN)\nwhile True: pass"
    with sandbox.child() as child, pytest.raises(ChildGone, match="used up its 2 seconds of CPU time"):
        # On a busy machine, it takes longer to use that CPU time.
        ask(child, source, 60)


def test_memory_error_leaves_the_child_alive(any_sandbox: Sandbox) -> None:
    """Allocating too much memory only raises an error in the answer."""
    with any_sandbox.child() as child:
        assert "MemoryError" in ask(child, "import numpy; numpy.ones(1 << 50)")
        assert ask(child, "answer = 'alive'") == "alive"


def test_library_call_is_killed_in_time(sandbox: Sandbox) -> None:
    """A singular value decomposition that ignores alarms ends as soon as the judge kills it."""
    with sandbox.child() as child:
        with pytest.raises(ChildTimeout):
            ask(child, "import numpy; numpy.linalg.svd(numpy.ones((1500, 1500)))", 0.2)
        start = time.monotonic()
        assert child.end().signal == 9
        assert time.monotonic() - start < 5


def test_ignored_signals_do_not_help(any_sandbox: Sandbox) -> None:
    """A child that ignores all signals it can still ends."""
    source = "import signal\nfor s in (2, 14, 15): signal.signal(s, signal.SIG_IGN)\nwhile True: pass"
    with any_sandbox.child() as child:
        with pytest.raises(ChildTimeout):
            ask(child, source, 0.2)
        assert child.end().reason == "was stopped by the judge (SIGKILL)"
        assert not is_running(child.pid)


def test_leftover_threads_end_with_the_child(sandboxes: Sandboxes) -> None:
    """A thread that continues after the answer is gone ends with the child."""
    source = "import threading, time\nthreading.Thread(target=time.sleep, args=(600,)).start()\nanswer = 'done'"
    with sandboxes.get("full").child() as child:
        assert ask(child, source) == "done"
        pid = child.pid
    assert not is_running(pid)


def test_released_child_is_gone_soon(any_sandbox: Sandbox) -> None:
    """Releasing a child kills it without waiting and removes its scratch folder."""
    child = any_sandbox.child()
    folder = ask(child, "import os\nopen('left', 'w').close()\nanswer = os.getcwd()")
    child.release()
    deadline = time.monotonic() + 5
    while is_running(child.pid) or os.path.exists(folder):
        assert time.monotonic() < deadline
        time.sleep(0.01)


def test_end_may_be_repeated(any_sandbox: Sandbox) -> None:
    """Ending a child twice gives the same exit status."""
    child = any_sandbox.child()
    assert child.end() == child.end()


def test_ending_tells_time_and_memory(any_sandbox: Sandbox) -> None:
    """Peak memory and CPU time are measured from outside."""
    with any_sandbox.child() as child:
        ask(child, "import numpy\nfor _ in range(2): numpy.ones(10 << 20).sum()")
        ending = child.end()
    assert ending.peak_bytes > 80 << 20
    assert 0.01 < ending.cpu_seconds < 5


@pytest.mark.parametrize("length", [LIMITS.frame_bytes + 1, 1 << 40, (1 << 64) - 1])
def test_announced_giant_is_refused(length: int, sandbox: Sandbox) -> None:
    """A frame longer than the limit is refused before any of it is read."""
    with sandbox.child() as child, pytest.raises(FrameTooBig, match=str(length)):
        ask(child, f"{TALK}talk(({length}).to_bytes(8, 'little'))")


def test_unfinished_frame_times_out(sandbox: Sandbox) -> None:
    """A frame that never ends does not block the judge."""
    with sandbox.child() as child, pytest.raises(ChildTimeout):
        ask(child, f"{TALK}talk((1 << 20).to_bytes(8, 'little') + b'x')\nwhile True: pass", 0.3)


def test_dripping_frame_times_out(sandbox: Sandbox) -> None:
    """The deadline applies to the whole frame, even if its bytes arrive steadily."""
    source = f"import time\n{TALK}talk((1 << 20).to_bytes(8, 'little'))\nwhile True: talk(b'x'); time.sleep(0.01)"
    start = time.monotonic()
    with sandbox.child() as child, pytest.raises(ChildTimeout):
        ask(child, source, 0.3)
    assert time.monotonic() - start < 5


def test_flood_waits_in_the_kernel(any_sandbox: Sandbox) -> None:
    """A child that writes without end fills a small kernel buffer, not the judge's memory."""
    number = 1 if any_sandbox.isolation.tier == "plain" else 3
    source = f"import os\nwhile True: os.write({number}, bytes(1 << 16))"
    with any_sandbox.child() as child:
        child.send(source.encode())
        time.sleep(0.3)
    with any_sandbox.child() as child:
        assert ask(child, "answer = 'fine'") == "fine"


def test_deaf_child_times_out(any_sandbox: Sandbox) -> None:
    """Sending to a child that does not read ends in time."""
    with any_sandbox.child() as child:
        child.send(b"while True: pass")
        with pytest.raises(ChildTimeout):
            child.send(bytes(8 << 20), seconds=0.3)


def test_closed_line_counts_as_gone(sandbox: Sandbox) -> None:
    """A child that closes the connection while it is alive is ended."""
    with sandbox.child() as child:
        with pytest.raises(ChildGone):
            ask(child, "import os\nos.close(3)\nwhile True: pass")
        assert not is_running(child.pid)


def test_next_child_finds_an_empty_folder(any_sandbox: Sandbox) -> None:
    """Files, folders and permissions that one child leaves do not exist for the next."""
    leave = "import os\nos.makedirs('a/b/c')\nopen('a/secret', 'w').write('x')\nanswer = os.getcwd()"
    look = "import os\nanswer = repr((os.listdir(), os.listdir('..') if os.getcwd() != '/box' else []))"
    with any_sandbox.child() as child:
        folder = ask(child, leave)
    assert not os.path.exists(folder)
    for _ in range(3):
        with any_sandbox.child() as child:
            assert ask(child, look).startswith(("([], ", "ERROR PermissionError"))
            assert ask(child, "import os\nanswer = repr(os.listdir())") == "[]"


def test_next_child_has_a_clean_numpy(any_sandbox: Sandbox) -> None:
    """Changes that one child makes to NumPy do not affect the next."""
    with any_sandbox.child() as child:
        ask(child, "import numpy\nnumpy.allclose = numpy.array_equal = lambda *a, **k: True")
    for _ in range(3):
        with any_sandbox.child() as child:
            assert ask(child, "import numpy\nanswer = str(numpy.allclose([1.0], [2.0]))") == "False"


def test_children_draw_different_random_numbers(any_sandbox: Sandbox) -> None:
    """Forks of one zygote do not share their random numbers."""
    source = (
        "import random, numpy\n"
        "answer = repr([random.random(), numpy.random.random(), numpy.random.default_rng().random()])"
    )
    drawn = []
    for _ in range(4):
        with any_sandbox.child() as child:
            drawn.append(eval(ask(child, source)))
    assert all(len(set(column)) == 4 for column in zip(*drawn, strict=True))


def test_answer_may_use_threads_and_files(sandbox: Sandbox) -> None:
    """Threads, temporary files and late imports of the standard library work for honest answers."""
    sources = {
        "threads": "from concurrent.futures import ThreadPoolExecutor as T\n"
        "with T(8) as pool: answer = str(sum(pool.map(abs, range(9))))",
        "files": "import tempfile, numpy\nwith tempfile.TemporaryFile() as f:\n"
        "    numpy.save(f, numpy.arange(9)); f.seek(0); answer = str(numpy.load(f).sum())",
        "renaming": "import os, pathlib\npathlib.Path('a').mkdir(); os.rename('a', 'b'); answer = '36'",
        "imports": "import wsgiref.util, xml.dom, colorsys, decimal, sqlite3, asyncio; answer = '36'",
        "numpy": "import numpy.lib.recfunctions, numpy.ma, numpy.polynomial, numpy.testing; answer = '36'",
        "clocks": "import time; time.sleep(0.001); time.perf_counter(); time.thread_time(); answer = '36'",
    }
    for source in sources.values():
        with sandbox.child() as child:
            assert ask(child, source) == "36"


@pytest.mark.parametrize("name", ["pandas", "pytest", "ndojo.bank", "ndojo.sandbox.doctor", "site"])
def test_other_packages_cannot_be_imported(name: str, sandbox: Sandbox) -> None:
    """Importing a package that is not allowed raises Python's usual error."""
    with sandbox.child() as child:
        answer = ask(child, f"import {name}\nanswer = repr(__import__('sys').path)")
    assert answer.startswith("ERROR ModuleNotFoundError") or (name == "site" and "site-packages" not in answer)


def test_allowed_package_can_be_imported() -> None:
    """Answers can import a package that is allowed, and no other."""
    with Sandbox(program=PROGRAM, allows=("pluggy",), spares=1) as sandbox, sandbox.child() as child:
        assert ask(child, "import pluggy; answer = pluggy.__name__") == "pluggy"
        assert ask(child, "import iniconfig").startswith("ERROR ModuleNotFoundError")


def test_absent_package_is_absent_inside_too() -> None:
    """A question that allows a missing package is still judged, because most answers do not use it."""
    with Sandbox(program=PROGRAM, allows=("nosuchpackage",), spares=1) as sandbox, sandbox.child() as child:
        assert ask(child, "import nosuchpackage").startswith("ERROR ModuleNotFoundError")


def test_numba_gets_its_executable_memory() -> None:
    """Allowing numba disables one layer, and the record says so."""
    from ndojo.sandbox.zygote_config import ZygoteConfig

    plan = ZygoteConfig(None, PROGRAM, ("numba",), frozenset(), Limits(), 1, 3)
    assert plan.left_out() == {tiers.NO_EXEC: "Numba compiles code at run time"}


def test_many_threads_share_a_sandbox(sandbox: Sandbox) -> None:
    """Several threads use children without mixing up their answers."""
    wrong: list[Any] = []

    def work(number: int) -> None:
        for turn in range(6):
            with sandbox.child() as child:
                if ask(child, f"answer = '{number}-{turn}'") != f"{number}-{turn}":
                    wrong.append((number, turn))

    threads = [threading.Thread(target=work, args=(number,)) for number in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not wrong


def test_isolation_is_plain_data(any_sandbox: Sandbox) -> None:
    """The record of layers can be converted to JSON. Every layer is active, or missing with a reason."""
    facts = json.loads(json.dumps(any_sandbox.isolation.to_dict()))
    assert facts["tier"] in tiers.TIERS
    assert {*facts["layers"], *dict(facts["missing"])} == set(tiers.ALL_LAYERS)
    assert all(facts["note"]) and all(why for _, why in facts["missing"])


def test_waiting_spare_is_small(sandbox: Sandbox) -> None:
    """A spare process has at most 3 MB of private memory."""
    assert 0 < sandbox.spare_private_bytes() <= 3 << 20


def test_unknown_tier_is_refused() -> None:
    """A misspelled tier raises an error immediately."""
    with pytest.raises(ValueError, match="choose one of full, container, partial, plain"):
        Sandbox("ful")


def test_unknown_program_is_named(any_sandbox: Sandbox) -> None:
    """A program that cannot be loaded is reported with the error."""
    sandbox = Sandbox(any_sandbox.isolation.tier, program="ndojo.nosuch:serve", spares=1)
    with sandbox, pytest.raises(SandboxUnavailable, match=r"ndojo\.nosuch"):
        sandbox.child()


def test_import_leaves_numpy_out() -> None:
    """The judge's side of the sandbox does not import NumPy."""
    code = "import sys, ndojo.sandbox; assert 'numpy' not in sys.modules"
    subprocess.run([sys.executable, "-c", code], check=True)
