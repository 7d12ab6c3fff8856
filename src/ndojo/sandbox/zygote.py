"""The zygote: a warm interpreter without secrets that forks one child per answer."""

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
from ndojo.sandbox.channel import ZYGOTE_REHEARSALS, rehearse
from ndojo.sandbox.choose_tier import ChosenTier, advice, choose_tier
from ndojo.sandbox.harden import BOX, Hardening
from ndojo.sandbox.namespaces import LayerFailed
from ndojo.sandbox.program import Program
from ndojo.sandbox.scratch import Scratch
from ndojo.sandbox.spawn import MOST_DESCRIPTORS, become_child
from ndojo.sandbox.syscall_numbers import architecture
from ndojo.sandbox.zygote_config import ZygoteConfig


def main() -> None:
    """Build the zygote according to the judge's plan, and fork children until the judge ends."""
    plan = ZygoteConfig.from_json(sys.argv[1])
    control = socket.socket(fileno=plan.control)
    try:
        zygote = _build(plan, control)
    except LayerFailed as failure:
        _send(control, {"failed": failure.layer, "why": failure.why, "advice": advice(failure.layer)})
        sys.exit(1)
    except Exception:
        _send(control, {"failed": "start", "why": traceback.format_exc(), "advice": "See the error above."})
        sys.exit(1)
    zygote.run()


def _send(control: socket.socket, message: dict[str, Any], handles: tuple[int, ...] = ()) -> None:
    socket.send_fds(control, [json.dumps(message).encode()], handles)


def _build(plan: ZygoteConfig, control: socket.socket) -> Zygote:
    """Choose the tier, import all modules, enter the namespaces, and warm up."""
    watch = os.pidfd_open(plan.judge)
    chosen = choose_tier(plan)
    # If memory runs out, the kernel should kill a child instead of the judge.
    _write("/proc/self/oom_score_adj", "1000")
    preload.load(plan.allows)
    package_paths = read_paths.packages(omitted={"ndojo", "__main__"})
    program = Program.load(plan.program)
    hardening = _hardening(plan, chosen, package_paths)
    _hide_package(plan.program)
    _enter(chosen, hardening)
    rehearse(program.warm, ZYGOTE_REHEARSALS)
    gc.collect()
    # Without this, a garbage collection in a child would write to the page of every object, and so copy the pages.
    gc.freeze()
    return Zygote(control, watch, chosen, program, hardening)


def _write(path: str, text: str) -> None:
    with open(path, "w", encoding="ascii") as file:
        file.write(text)


def _hardening(plan: ZygoteConfig, chosen: ChosenTier, package_paths: list[str]) -> Hardening:
    return Hardening(
        layers=chosen.layers,
        readable=tuple(read_paths.visible(package_paths, covered=tiers.MOUNT in chosen.layers)),
        limits=plan.limits,
        address_bytes=_address_bytes(),
        other_tasks=0 if tiers.USER in chosen.layers else _tasks_of(chosen) + 8 * plan.limits.threads,
        filter=_filter(chosen.layers),
    )


def _filter(layers: frozenset[str]) -> bytes | None:
    here = architecture()
    if here is None or tiers.SECCOMP not in layers:
        return None
    # The kernel does not count the threads of root, so a child that stays root may not start any.
    threads = os.geteuid() != 0 or bool({tiers.USER, tiers.NOBODY} & layers)
    return seccomp.build(here, tiers.NO_EXEC not in layers, threads)


def _address_bytes() -> int:
    with open("/proc/self/statm", encoding="ascii") as file:
        return int(file.read().split()[0]) * resource.getpagesize()


def _tasks_of(chosen: ChosenTier) -> int:
    """Return how many threads already run as the user of the children."""
    user = namespaces.NOBODY_ID if tiers.NOBODY in chosen.layers else os.geteuid()
    return sum(_threads(entry.path, user) for entry in os.scandir("/proc") if entry.name.isdigit())


def _threads(process: str, user: int) -> int:
    try:
        return len(os.listdir(process + "/task")) if os.stat(process).st_uid == user else 0
    except OSError:
        # The process has ended in the meantime.
        return 0


def _hide_package(program: str) -> None:
    """Make this package and the program's package impossible to import, and remove their paths."""
    for name in {"ndojo", program.partition(".")[0].partition(":")[0]}:
        if hasattr(sys.modules.get(name), "__path__"):
            sys.modules[name].__path__ = []
    sys.path[:] = read_paths.search_path()
    sys.path_importer_cache.clear()
    # This makes the import system cache the file list of the standard library. Landlock may not let a child list that
    # folder, because permission to list a folder includes all folders below it.
    importlib.util.find_spec("nothing_has_this_name")
    sys.argv[:] = [""]
    sys.orig_argv[:] = []


def _enter(chosen: ChosenTier, hardening: Hardening) -> None:
    if chosen.tier != "full":
        return
    namespaces.enter(chosen.layers, hardening.readable, read_paths.hidden(), BOX)
    if tiers.PID in chosen.layers:
        namespaces.new_pid_namespace()
        _continue_in_child()


def _continue_in_child() -> None:
    """Fork and continue in the child, while the parent waits. If the parent is killed, so is the child."""
    pid = os.fork()
    if pid:
        os.closerange(0, MOST_DESCRIPTORS)
        os.waitpid(pid, 0)
        os._exit(0)
    syscalls.prctl(syscalls.PR_SET_PDEATHSIG, signal.SIGKILL)


@dataclass(frozen=True)
class SpawnedChild:
    """One running child: the number that the judge gave it, and its process id in this namespace."""

    number: int
    pid: int


class Zygote:
    """Forks children when the judge orders them, and reaps them when they end."""

    def __init__(
        self,
        control: socket.socket,
        watch: int,
        chosen: ChosenTier,
        program: Program,
        hardening: Hardening,
    ) -> None:
        self._control, self._watch = control, watch
        self._chosen, self._program, self._hardening = chosen, program, hardening
        self._home = os.pidfd_open(os.getpid())
        self._scratch = None if tiers.MOUNT in hardening.layers else Scratch()
        self._living: dict[int, SpawnedChild] = {}
        self._poll = select.poll()

    def run(self) -> NoReturn:
        """Serve the judge until it ends."""
        self._poll.register(self._control, select.POLLIN)
        self._poll.register(self._watch, select.POLLIN)
        try:
            self._send_ready()
            while self._step():
                pass
        except OSError:
            # The judge ended in the middle of a message.
            pass
        finally:
            self._end_all()
        os._exit(0)

    def _send_ready(self) -> None:
        chosen, scratch = self._chosen, self._scratch
        layers = [layer for layer in tiers.ALL_LAYERS if layer in chosen.layers]
        facts = {"tier": chosen.tier, "layers": layers, "missing": chosen.missing}
        _send(self._control, {"ready": facts, "scratch": scratch and scratch.path})

    def _step(self) -> bool:
        """Handle the next events. Return False once the judge has ended."""
        for handle, _ in self._poll.poll():
            if handle == self._watch:
                return False
            if handle in self._living:
                self._reap(handle)
            elif order := self._control.recv(64):
                self._spawn(int(order))
            else:
                return False
        return True

    def _spawn(self, number: int) -> None:
        """Fork a child, or report to the judge why that failed."""
        try:
            self._fork(number)
        except OSError as error:
            _send(self._control, {"unborn": number, "why": str(error)})

    def _fork(self, number: int) -> None:
        """Fork the child with this number, and send its socket and a handle (pidfd) to the judge."""
        ours, theirs = socket.socketpair()
        if tiers.PID in self._hardening.layers:
            self._renew_pid_namespace()
        box = self._box(number)
        pid = os.fork()
        if pid == 0:
            become_child(theirs.fileno(), self._program, self._hardening, box)
        theirs.close()
        handle = os.pidfd_open(pid)
        self._living[handle] = SpawnedChild(number, pid)
        self._poll.register(handle, select.POLLIN)
        _send(self._control, {"spare": number}, (ours.fileno(), handle))
        ours.close()

    def _renew_pid_namespace(self) -> None:
        """Create a pid namespace for the next child. This requires returning to the zygote's own namespace first."""
        syscalls.call("setns", self._home, syscalls.CLONE_NEWPID)
        syscalls.unshare(syscalls.CLONE_NEWPID)

    def _box(self, number: int) -> str:
        if self._scratch is None:
            return BOX
        return self._scratch.make(str(number), namespaces.NOBODY_ID if tiers.NOBODY in self._hardening.layers else None)

    def _reap(self, handle: int) -> None:
        """Reap a child and report its exit to the judge."""
        child = self._living.pop(handle)
        self._poll.unregister(handle)
        os.close(handle)
        _, status, usage = os.wait4(child.pid, 0)
        if self._scratch is not None:
            self._scratch.remove(str(child.number))
        exit = [os.waitstatus_to_exitcode(status), usage.ru_utime + usage.ru_stime, usage.ru_maxrss * 1024]
        _send(self._control, {"ended": child.number, "exit": exit})

    def _end_all(self) -> None:
        for handle, child in self._living.items():
            signal.pidfd_send_signal(handle, signal.SIGKILL)
            os.waitpid(child.pid, 0)
        if self._scratch is not None:
            self._scratch.close()
