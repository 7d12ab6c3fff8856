"""Namespaces of the zygote, and the read-only root that it moves into."""

from __future__ import annotations

import os
from collections.abc import Callable, Collection, Iterable

from ndojo.sandbox import syscalls, tiers

NOBODY_ID = 65534
# Carries the new root until the pivot; any folder that every system has will do.
CARRIER = "/dev"
FLAGS = {
    tiers.MOUNT: syscalls.CLONE_NEWNS,
    tiers.NETWORK: syscalls.CLONE_NEWNET,
    tiers.IPC: syscalls.CLONE_NEWIPC,
    tiers.UTS: syscalls.CLONE_NEWUTS,
}
TMPFS_FLAGS = syscalls.MS_NOSUID | syscalls.MS_NODEV
TMPFS_OPTIONS = "size=1m,mode=755"


class LayerFailed(Exception):
    """A layer does not work here; carries its name and the reason."""

    def __init__(self, layer: str, why: str) -> None:
        super().__init__(f"{layer}: {why}")
        self.layer, self.why = layer, why


def enter(layers: Collection[str], readable: Iterable[str], hidden: Iterable[str], box: str) -> None:
    """Move this process into separate namespaces.

    Root first builds everything with its own rights and then becomes an unprivileged user; any other user gets the
    rights to do so from a user namespace.

    Parameters
    ----------
    layers
        Names of the wanted layers.
    readable
        Folders to show in the new root, in this order.
    hidden
        Folders within them to cover with empty ones. A later readable folder may lie within.
    box
        Empty folder to make in the new root, for scratch folders to be mounted on.
    """
    root = os.geteuid() == 0
    proc = os.open("/proc", os.O_PATH)
    flags = sum(flag for layer, flag in FLAGS.items() if layer in layers)
    if root:
        _step(tiers.MOUNT, syscalls.unshare, flags)
    elif tiers.USER in layers:
        _own_user_namespace(proc, flags)
    if tiers.MOUNT in layers:
        _step(tiers.MOUNT, _move_root, readable, hidden, box)
    if root:
        _give_up_root(proc, layers)
    os.close(proc)


def _step(layer: str, action: Callable[..., None], *arguments: object) -> None:
    """Do one step, and name the layer that it belongs to if it fails."""
    try:
        action(*arguments)
    except OSError as error:
        raise LayerFailed(layer, str(error)) from error


def _own_user_namespace(proc: int, flags: int) -> None:
    user, group = os.geteuid(), os.getegid()
    _step(tiers.USER, syscalls.unshare, syscalls.CLONE_NEWUSER | flags)
    _step(tiers.USER, _map_ids, proc, user, group)


def _map_ids(proc: int, user: int, group: int) -> None:
    """Let the new user namespace know one user and one group: those of this process."""
    texts = {"setgroups": "deny", "uid_map": f"{user} {user} 1", "gid_map": f"{group} {group} 1"}
    for name, text in texts.items():
        file = os.open(f"self/{name}", os.O_WRONLY, dir_fd=proc)
        try:
            os.write(file, text.encode())
        finally:
            os.close(file)


def _give_up_root(proc: int, layers: Collection[str]) -> None:
    if tiers.USER not in layers:
        # The zygote still needs root's rights to fork; its children give them up.
        return
    if tiers.NOBODY in layers:
        become_nobody()
        # Changing the user makes /proc/self root's, and with it the maps of ids.
        syscalls.prctl(syscalls.PR_SET_DUMPABLE, 1)
    # Its own mount namespace again, because scratch folders are mounted with the new namespace's rights.
    _own_user_namespace(proc, syscalls.CLONE_NEWNS if tiers.MOUNT in layers else 0)


def become_nobody() -> None:
    """Change to the user and group that own nothing."""
    os.setgroups([])
    os.setresgid(NOBODY_ID, NOBODY_ID, NOBODY_ID)
    os.setresuid(NOBODY_ID, NOBODY_ID, NOBODY_ID)


def _move_root(readable: Iterable[str], hidden: Iterable[str], box: str) -> None:
    """Pivot into a fresh root that holds the readable folders and nothing else."""
    syscalls.mount(None, "/", None, syscalls.MS_REC | syscalls.MS_PRIVATE)
    # Opened first, because the new root may cover them.
    sources = [(path, os.open(path, os.O_PATH | os.O_CLOEXEC)) for path in readable]
    syscalls.mount("tmpfs", CARRIER, "tmpfs", TMPFS_FLAGS, TMPFS_OPTIONS)
    os.chdir(CARRIER)
    os.mkdir(_inside(box))
    for path, source in sources:
        _show(path, source, hidden)
        os.close(source)
    _pivot()
    syscalls.seal_mounts("/")


def _pivot() -> None:
    """Make the current folder the root, and let go of the old root."""
    syscalls.call("pivot_root", b".", b".")
    # Both roots are stacked now, the old one on top.
    syscalls.call("umount2", b".", syscalls.MNT_DETACH)
    os.chdir("/")


def _show(path: str, source: int, hidden: Iterable[str]) -> None:
    """Bind one file or folder at the same place in the new root, and cover what is hidden within."""
    target = _inside(path)
    _make_place(target, os.path.isdir(f"/proc/self/fd/{source}"))
    syscalls.mount(f"/proc/self/fd/{source}", target, None, syscalls.MS_BIND | syscalls.MS_REC)
    for folder in hidden:
        if folder.startswith(path + "/") and os.path.isdir(_inside(folder)):
            syscalls.mount("tmpfs", _inside(folder), "tmpfs", TMPFS_FLAGS, TMPFS_OPTIONS)


def _make_place(target: str, folder: bool) -> None:
    """Make the folder or the empty file that something is bound on."""
    if folder:
        os.makedirs(target, exist_ok=True)
        return
    os.makedirs(os.path.dirname(target), exist_ok=True)
    os.close(os.open(target, os.O_CREAT | os.O_WRONLY, 0o644))


def _inside(path: str) -> str:
    """The path in the new root, seen from the folder that will become it."""
    return "." + path


def new_pid_namespace() -> None:
    """Make the next process that is forked the first of a new pid namespace."""
    _step(tiers.PID, syscalls.unshare, syscalls.CLONE_NEWPID)
