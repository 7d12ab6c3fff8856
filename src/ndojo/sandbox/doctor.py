"""Tests each isolation layer in a real child process on this machine."""

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
# Small, so that testing them is fast.
LIMITS = Limits(memory_bytes=256 << 20, box_bytes=1 << 20)


@dataclass(frozen=True)
class Probe:
    """The result of testing one layer.

    Parameters
    ----------
    layer
        Name of the layer.
    works
        Whether the layer works.
    evidence
        What the child tried, and what happened.
    needed_for
        The tiers that promise this layer.
    """

    layer: str
    works: bool
    evidence: str
    needed_for: tuple[str, ...]

    def to_dict(self) -> dict[str, Any]:
        """Return the probe as a dict for JSON."""
        return asdict(self) | {"needed_for": list(self.needed_for)}


@dataclass(frozen=True)
class ProbeProgram:
    """Something that a child tries and that must fail.

    Parameters
    ----------
    name
        Name of the probe.
    layer
        The layer that prevents it.
    attempt
        What the child tries, as a phrase.
    source
        Python code. It raises an error if the layer stops it; otherwise it stores what it got in `answer`.
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
        "reading the metadata of /etc/passwd",
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
        "seccomp", tiers.SECCOMP, "creating a pipe", "import os; answer = str([os.close(n) for n in os.pipe()])"
    ),
    ProbeProgram(
        "no executable memory",
        tiers.NO_EXEC,
        "allocating executable memory",
        "import mmap; answer = str(mmap.mmap(-1, 4096, prot=mmap.PROT_READ | mmap.PROT_EXEC))",
    ),
    ProbeProgram(
        "limits",
        tiers.LIMITS,
        "reserving more memory than the limit",
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
        "looking for inherited file descriptors other than the connection to the judge",
        "import os\n"
        # A library such as libffi may keep a file open. The process opened that file itself.
        "try: mapped = {line.split()[4] for line in open('/proc/self/maps')}\n"
        "except OSError: mapped = set()\n"
        "def is_inherited(n):\n"
        "    try: return str(os.fstat(n).st_ino) not in mapped\n"
        "    except OSError: return False\n"
        # The connection to the judge uses one or two descriptors after the three standard ones.
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
    """Test each layer in children of the strongest tier that works here, and return one probe per layer.

    Parameters
    ----------
    tier
        The tier to examine instead.
    without
        Layers to leave out, for tests that check that a probe can fail.
    """
    program = "ndojo.sandbox.probe:serve"
    with Sandbox(tier, program=program, limits=LIMITS, without=without, spares=1) as sandbox:
        return list(_probes(sandbox))


Check = Callable[[Child], tuple[bool, str]]


def _probes(sandbox: Sandbox) -> Iterator[Probe]:
    """Run every check in one child. If a check ends the child, continue in a new one."""
    checks: list[tuple[str, str, Check]] = [(layer, layer, _own_namespace(layer)) for layer in LINKS]
    checks += [
        ("read-only root", tiers.MOUNT, _read_only_root),
        (tiers.NOBODY, tiers.NOBODY, _other_user),
        (tiers.CAPABILITIES, tiers.CAPABILITIES, _no_capabilities),
    ]
    checks += [(trial.name, trial.layer, _runs_program(trial)) for trial in PROBE_PROGRAMS]
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
    """Return the probe of one layer. If it failed, add the reason that the sandbox recorded."""
    needed_for = tuple(tier for tier in tiers.TIERS if layer in tiers.PROMISED[tier])
    why = dict(isolation.missing).get(layer)
    return Probe(name, works, evidence if works or why is None else f"{evidence} ({why})", needed_for)


def _runs_program(trial: ProbeProgram) -> Check:
    """Return a check that runs a probe program in the child."""

    def check(child: Child) -> tuple[bool, str]:
        child.send(trial.source.encode())
        result = child.receive(SECONDS).decode(errors="replace")
        stopped, _, error = result.partition("ERROR ")
        return not stopped, f"{trial.attempt}: {error.strip() if not stopped else 'it worked'}"

    return check


def _own_namespace(layer: str) -> Check:
    """Return a check that the child and the judge are in different namespaces, according to the kernel."""

    def check(child: Child) -> tuple[bool, str]:
        theirs, ours = (os.readlink(f"/proc/{pid}/ns/{LINKS[layer]}") for pid in (child.pid, "self"))
        return theirs != ours, f"seen from outside, the child is in {theirs} and the judge in {ours}"

    return check


def _read_only_root(child: Child) -> tuple[bool, str]:
    """Return whether every mount that the child sees is read-only, except its scratch folder."""
    with open(f"/proc/{child.pid}/mountinfo", encoding="utf-8") as file:
        fields = [line.split() for line in file]
    writable = [place for _, _, _, _, place, options, *_ in fields if "ro" not in options.split(",")]
    return writable == [BOX], f"seen from outside, the child can write to {', '.join(writable[:3]) or 'nothing'}"


def _other_user(child: Child) -> tuple[bool, str]:
    theirs, ours = (_status(pid, "Uid").split()[1] for pid in (child.pid, "self"))
    return theirs != ours, f"seen from outside, the child runs as user {theirs} and the judge as user {ours}"


def _no_capabilities(child: Child) -> tuple[bool, str]:
    capabilities = [name for name in ("CapInh", "CapPrm", "CapEff", "CapAmb") if int(_status(child.pid, name), 16)]
    return not capabilities, f"seen from outside, the child has {', '.join(capabilities) or 'no capabilities'}"


def _status(pid: int | str, field: str) -> str:
    """Return one field of `/proc/<pid>/status`."""
    with open(f"/proc/{pid}/status", encoding="utf-8") as file:
        fields = dict(line.split(":", 1) for line in file)
    return fields[field].strip()
