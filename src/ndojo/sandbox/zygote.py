"""The zygote: a warm interpreter without secrets that forks one child an answer."""

from __future__ import annotations

import gc
import importlib.util
import json
import os
import resource
import select
import signal
import socket
import sys
import traceback
from dataclasses import dataclass
from typing import Any, NoReturn

from ndojo.sandbox import namespaces, preload, read_paths, seccomp, syscalls, tiers
from ndojo.sandbox.channel import SETTLING, rehearse
from ndojo.sandbox.choose_tier import ChosenTier, advice, choose_tier
from ndojo.sandbox.harden import BOX, Hardening
from ndojo.sandbox.namespaces import LayerFailed
from ndojo.sandbox.program import Program
from ndojo.sandbox.scratch import Scratch
from ndojo.sandbox.spawn import MOST_DESCRIPTORS, become_child
from ndojo.sandbox.syscall_numbers import architecture
from ndojo.sandbox.zygote_config import ZygoteConfig


def main() -> None:
    """Build the zygote that the judge's plan asks for, and fork children until the judge goes."""
    plan = ZygoteConfig.from_json(sys.argv[1])
    control = socket.socket(fileno=plan.control)
    try:
        zygote = _build(plan, control)
    except LayerFailed as failure:
        _tell(control, {"failed": failure.layer, "why": failure.why, "advice": advice(failure.layer)})
        sys.exit(1)
    except Exception:
        _tell(control, {"failed": "start", "why": traceback.format_exc(), "advice": "See the error above."})
        sys.exit(1)
    zygote.run()


def _tell(control: socket.socket, message: dict[str, Any], handles: tuple[int, ...] = ()) -> None:
    socket.send_fds(control, [json.dumps(message).encode()], handles)


def _build(plan: ZygoteConfig, control: socket.socket) -> Zygote:
    """Choose the tier, import everything, then move into the jail and warm up."""
    watch = os.pidfd_open(plan.judge)
    settled = choose_tier(plan)
    # The kernel shall rather end a child than the judge when memory runs out.
    _write("/proc/self/oom_score_adj", "1000")
    preload.load(plan.allows)
    places = read_paths.packages(omitted={"ndojo", "__main__"})
    program = Program.load(plan.program)
    walls = _walls(plan, settled, places)
    _forget(plan.program)
    _enter(settled, walls)
    rehearse(program.warm, SETTLING)
    gc.collect()
    # Collections in a child would touch, and so copy, the pages of every object made so far.
    gc.freeze()
    return Zygote(control, watch, settled, program, walls)


def _write(path: str, text: str) -> None:
    with open(path, "w", encoding="ascii") as file:
        file.write(text)


def _walls(plan: ZygoteConfig, settled: ChosenTier, places: list[str]) -> Hardening:
    return Hardening(
        layers=settled.layers,
        readable=tuple(read_paths.visible(places, covered=tiers.MOUNT in settled.layers)),
        limits=plan.limits,
        address_bytes=_address_bytes(),
        other_tasks=0 if tiers.USER in settled.layers else _tasks_of(settled) + 8 * plan.limits.threads,
        filter=_filter(settled.layers),
    )


def _filter(layers: frozenset[str]) -> bytes | None:
    here = architecture()
    if here is None or tiers.SECCOMP not in layers:
        return None
    # The kernel does not count root's threads; where the child stays root, it gets none.
    threads = os.geteuid() != 0 or bool({tiers.USER, tiers.NOBODY} & layers)
    return seccomp.build(here, tiers.NO_EXEC not in layers, threads)


def _address_bytes() -> int:
    with open("/proc/self/statm", encoding="ascii") as file:
        return int(file.read().split()[0]) * resource.getpagesize()


def _tasks_of(settled: ChosenTier) -> int:
    """Threads that run now as the user that children will run as."""
    user = namespaces.NOBODY_ID if tiers.NOBODY in settled.layers else os.geteuid()
    return sum(_threads(entry.path, user) for entry in os.scandir("/proc") if entry.name.isdigit())


def _threads(process: str, user: int) -> int:
    try:
        return len(os.listdir(process + "/task")) if os.stat(process).st_uid == user else 0
    except OSError:
        # It ended meanwhile.
        return 0


def _forget(program: str) -> None:
    """Leave no way to import this package or the program's, and no trace of where they lie."""
    for name in {"ndojo", program.partition(".")[0].partition(":")[0]}:
        if hasattr(sys.modules.get(name), "__path__"):
            sys.modules[name].__path__ = []
    sys.path[:] = read_paths.search_path()
    sys.path_importer_cache.clear()
    # Fills the import system's list of the standard library: Landlock may not let a child make one, since
    # a user that may list a folder may list all folders below it.
    importlib.util.find_spec("nothing_has_this_name")
    sys.argv[:] = [""]
    sys.orig_argv[:] = []


def _enter(settled: ChosenTier, walls: Hardening) -> None:
    if settled.tier != "full":
        return
    namespaces.enter(settled.layers, walls.readable, read_paths.hidden(), BOX)
    if tiers.PID in settled.layers:
        namespaces.new_pid_namespace()
        _continue_in_child()


def _continue_in_child() -> None:
    """Fork; the parent only waits, and the child goes on. If the parent is killed, so is the child."""
    pid = os.fork()
    if pid:
        os.closerange(0, MOST_DESCRIPTORS)
        os.waitpid(pid, 0)
        os._exit(0)
    syscalls.prctl(syscalls.PR_SET_PDEATHSIG, signal.SIGKILL)


@dataclass(frozen=True)
class SpawnedChild:
    """One living child: its number in the judge's books, and its process id here."""

    number: int
    pid: int


class Zygote:
    """The loop that forks children when told to, and reaps them when they end."""

    def __init__(
        self,
        control: socket.socket,
        watch: int,
        settled: ChosenTier,
        program: Program,
        walls: Hardening,
    ) -> None:
        self._control, self._watch = control, watch
        self._settled, self._program, self._walls = settled, program, walls
        self._home = os.pidfd_open(os.getpid())
        self._scratch = None if tiers.MOUNT in walls.layers else Scratch()
        self._living: dict[int, SpawnedChild] = {}
        self._poll = select.poll()

    def run(self) -> NoReturn:
        """Serve the judge until it goes."""
        self._poll.register(self._control, select.POLLIN)
        self._poll.register(self._watch, select.POLLIN)
        try:
            self._tell_ready()
            while self._step():
                pass
        except OSError:
            # The judge has gone in the middle of a message.
            pass
        finally:
            self._end_all()
        os._exit(0)

    def _tell_ready(self) -> None:
        settled, scratch = self._settled, self._scratch
        layers = [layer for layer in tiers.ALL_LAYERS if layer in settled.layers]
        facts = {"tier": settled.tier, "layers": layers, "missing": settled.missing}
        _tell(self._control, {"ready": facts, "scratch": scratch and scratch.path})

    def _step(self) -> bool:
        """Handle what has happened; False once the judge has gone."""
        for handle, _ in self._poll.poll():
            if handle == self._watch:
                return False
            if handle in self._living:
                self._reap(handle)
            elif order := self._control.recv(64):
                self._answer(int(order))
            else:
                return False
        return True

    def _answer(self, number: int) -> None:
        """Fork a child, or tell the judge why that is not possible now."""
        try:
            self._fork(number)
        except OSError as error:
            _tell(self._control, {"unborn": number, "why": str(error)})

    def _fork(self, number: int) -> None:
        """Fork the child with this number and hand its socket and a handle of it to the judge."""
        ours, theirs = socket.socketpair()
        if tiers.PID in self._walls.layers:
            self._renew_pid_namespace()
        box = self._box(number)
        pid = os.fork()
        if pid == 0:
            become_child(theirs.fileno(), self._program, self._walls, box)
        theirs.close()
        handle = os.pidfd_open(pid)
        self._living[handle] = SpawnedChild(number, pid)
        self._poll.register(handle, select.POLLIN)
        _tell(self._control, {"spare": number}, (ours.fileno(), handle))
        ours.close()

    def _renew_pid_namespace(self) -> None:
        """A new pid namespace for the next child; only possible from the zygote's own."""
        syscalls.call("setns", self._home, syscalls.CLONE_NEWPID)
        syscalls.unshare(syscalls.CLONE_NEWPID)

    def _box(self, number: int) -> str:
        if self._scratch is None:
            return BOX
        return self._scratch.make(str(number), namespaces.NOBODY_ID if tiers.NOBODY in self._walls.layers else None)

    def _reap(self, handle: int) -> None:
        """Take note of a child's end and tell the judge."""
        born = self._living.pop(handle)
        self._poll.unregister(handle)
        os.close(handle)
        _, status, usage = os.wait4(born.pid, 0)
        if self._scratch is not None:
            self._scratch.remove(str(born.number))
        exit = [os.waitstatus_to_exitcode(status), usage.ru_utime + usage.ru_stime, usage.ru_maxrss * 1024]
        _tell(self._control, {"ended": born.number, "exit": exit})

    def _end_all(self) -> None:
        for handle, born in self._living.items():
            signal.pidfd_send_signal(handle, signal.SIGKILL)
            os.waitpid(born.pid, 0)
        if self._scratch is not None:
            self._scratch.close()
