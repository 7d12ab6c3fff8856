"""Which walls stand on this machine: each is tried in a real child, not only asked about."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from typing import Any

import ndojo
from ndojo.sandbox import tiers
from ndojo.sandbox.child import Child
from ndojo.sandbox.errors import ChildGone
from ndojo.sandbox.harden import BOX
from ndojo.sandbox.isolation import Isolation
from ndojo.sandbox.limits import Limits
from ndojo.sandbox.sandbox import Sandbox

SECONDS = 10.0
# Small, so that trying them costs little.
LIMITS = Limits(memory_bytes=256 << 20, box_bytes=1 << 20)


@dataclass(frozen=True)
class Probe:
    """The result of trying one layer.

    Parameters
    ----------
    layer
        Name of the layer.
    works
        Whether it held.
    evidence
        What was tried and what happened, in words.
    needed_for
        The tiers that promise this layer.
    """

    layer: str
    works: bool
    evidence: str
    needed_for: tuple[str, ...]

    def to_dict(self) -> dict[str, Any]:
        """The same facts in JSON's types."""
        return asdict(self) | {"needed_for": list(self.needed_for)}


@dataclass(frozen=True)
class ProbeProgram:
    """Something that a child tries and must not manage.

    Parameters
    ----------
    name
        Name that the probe gets.
    layer
        The layer that alone stops it.
    attempt
        What is tried, in words.
    source
        Python that raises an error if it is stopped, and else leaves what it got in `answer`.
    """

    name: str
    layer: str
    attempt: str
    source: str


OWN_FILE = os.path.abspath(ndojo.__file__)

PROBE_PROGRAMS = (
    ProbeProgram(
        "hidden files",
        tiers.MOUNT,
        "looking for the system's list of users",
        "import os; answer = str(os.stat('/etc/passwd'))",
    ),
    ProbeProgram(
        "hidden bank",
        # In the full tier the mount namespace hides it as well.
        tiers.LANDLOCK,
        "reading one of ndojo's own files",
        f"answer = open({OWN_FILE!r}).read()",
    ),
    ProbeProgram("landlock", tiers.LANDLOCK, "listing the root folder", "import os; answer = str(os.listdir('/'))"),
    ProbeProgram(
        "seccomp", tiers.SECCOMP, "making a pipe", "import os; answer = str([os.close(n) for n in os.pipe()])"
    ),
    ProbeProgram(
        "no executable memory",
        tiers.NO_EXEC,
        "asking for memory to run code from",
        "import mmap; answer = str(mmap.mmap(-1, 4096, prot=mmap.PROT_READ | mmap.PROT_EXEC))",
    ),
    ProbeProgram(
        "limits",
        tiers.LIMITS,
        "reserving more memory than allowed",
        f"import mmap; answer = str(mmap.mmap(-1, {2 * LIMITS.memory_bytes}, prot=mmap.PROT_READ))",
    ),
    ProbeProgram(
        "scratch limits",
        tiers.SCRATCH,
        "filling the scratch folder",
        f"answer = str(open('filler', 'wb', 0).write(bytes({LIMITS.box_bytes})) > {LIMITS.box_bytes} // 2\n"
        f"and open('more', 'wb', 0).write(bytes({LIMITS.box_bytes})))",
    ),
    ProbeProgram(
        "clean environment",
        tiers.ENVIRONMENT,
        "reading the judge's environment",
        "import os; answer = os.environ['PATH']",
    ),
    ProbeProgram(
        "closed descriptors",
        tiers.DESCRIPTORS,
        "looking for inherited files other than the line to the judge",
        "import os\n"
        # A library may keep its own file open, as libffi does; the process did that itself.
        "try: mapped = {line.split()[4] for line in open('/proc/self/maps')}\n"
        "except OSError: mapped = set()\n"
        "def is_inherited(n):\n"
        "    try: return str(os.fstat(n).st_ino) not in mapped\n"
        "    except OSError: return False\n"
        # The line itself takes one or two after the three standard ones.
        "found = [n for n in range(5, 1024) if is_inherited(n)]\n"
        "if not found: raise FileNotFoundError('none exist')\n"
        "answer = str(found)",
    ),
)
LINKS = {
    tiers.USER: "user",
    tiers.MOUNT: "mnt",
    tiers.PID: "pid",
    tiers.NETWORK: "net",
    tiers.IPC: "ipc",
    tiers.UTS: "uts",
}


def examine(tier: str | None = None, without: frozenset[str] = frozenset()) -> list[Probe]:
    """One probe for each layer, tried in children of the strongest tier that works here.

    Parameters
    ----------
    tier
        Examine this tier instead.
    without
        Layers to leave out. Only for tests that prove that a probe can fail.
    """
    program = "ndojo.sandbox.probe:serve"
    with Sandbox(tier, program=program, limits=LIMITS, without=without, spares=1) as sandbox:
        return list(_probes(sandbox))


Check = Callable[[Child], tuple[bool, str]]


def _probes(sandbox: Sandbox) -> Iterator[Probe]:
    """Run every check in one child, or in the next one once a check has ended it."""
    checks: list[tuple[str, str, Check]] = [(layer, layer, _own_namespace(layer)) for layer in LINKS]
    checks += [
        ("read-only root", tiers.MOUNT, _read_only_root),
        (tiers.NOBODY, tiers.NOBODY, _other_user),
        (tiers.CAPABILITIES, tiers.CAPABILITIES, _no_capabilities),
    ]
    checks += [(trial.name, trial.layer, _tried(trial)) for trial in PROBE_PROGRAMS]
    child = sandbox.child()
    for name, layer, check in checks:
        try:
            works, evidence = check(child)
        except ChildGone as gone:
            works, evidence = True, f"the child {gone.ending.reason}"
            child = sandbox.child()
        yield _probe(sandbox.isolation, name, layer, works, evidence)
    child.end()


def _probe(isolation: Isolation, name: str, layer: str, works: bool, evidence: str) -> Probe:
    """The probe of one layer; where it failed, with the reason that the sandbox itself knows."""
    needed_for = tuple(tier for tier in tiers.TIERS if layer in tiers.PROMISED[tier])
    why = dict(isolation.missing).get(layer)
    return Probe(name, works, evidence if works or why is None else f"{evidence} ({why})", needed_for)


def _tried(trial: ProbeProgram) -> Check:
    """A check that lets the child try something."""

    def check(child: Child) -> tuple[bool, str]:
        child.send(trial.source.encode())
        result = child.receive(SECONDS).decode(errors="replace")
        stopped, _, error = result.partition("ERROR ")
        return not stopped, f"{trial.attempt}: {error.strip() if not stopped else 'it worked'}"

    return check


def _own_namespace(layer: str) -> Check:
    """A check that the kernel shows another namespace for the child than for the judge."""

    def check(child: Child) -> tuple[bool, str]:
        theirs, ours = (os.readlink(f"/proc/{pid}/ns/{LINKS[layer]}") for pid in (child.pid, "self"))
        return theirs != ours, f"seen from outside, the child is in {theirs}, the judge in {ours}"

    return check


def _read_only_root(child: Child) -> tuple[bool, str]:
    """Whether every mount that the child sees, but for its scratch folder, is read-only."""
    with open(f"/proc/{child.pid}/mountinfo", encoding="utf-8") as file:
        fields = [line.split() for line in file]
    writable = [place for _, _, _, _, place, options, *_ in fields if "ro" not in options.split(",")]
    return writable == [BOX], f"seen from outside, the child may write to {', '.join(writable[:3]) or 'nothing'}"


def _other_user(child: Child) -> tuple[bool, str]:
    theirs, ours = (_status(pid, "Uid").split()[1] for pid in (child.pid, "self"))
    return theirs != ours, f"seen from outside, the child is user {theirs}, the judge user {ours}"


def _no_capabilities(child: Child) -> tuple[bool, str]:
    held = [name for name in ("CapInh", "CapPrm", "CapEff", "CapAmb") if int(_status(child.pid, name), 16)]
    return not held, f"seen from outside, the child holds {', '.join(held) or 'no capability at all'}"


def _status(pid: int | str, field: str) -> str:
    """One field of what the kernel says of a process."""
    with open(f"/proc/{pid}/status", encoding="utf-8") as file:
        fields = dict(line.split(":", 1) for line in file)
    return fields[field].strip()
