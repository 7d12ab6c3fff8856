"""Namespaces of the zygote, and its read-only root folder."""

from __future__ import annotations

import os
from collections.abc import Callable, Collection, Iterable

from ndojo.sandbox import syscalls, tiers

NOBODY_ID = 65534
# The new root is mounted here until the pivot. Any folder that exists on every system works.
NEW_ROOT = "/dev"
FLAGS = {
    tiers.MOUNT: syscalls.CLONE_NEWNS,
    tiers.NETWORK: syscalls.CLONE_NEWNET,
    tiers.IPC: syscalls.CLONE_NEWIPC,
    tiers.UTS: syscalls.CLONE_NEWUTS,
}
TMPFS_FLAGS = syscalls.MS_NOSUID | syscalls.MS_NODEV
TMPFS_OPTIONS = "size=1m,mode=755"


class LayerFailed(Exception):
    """A layer does not work here. Has the layer's name and the reason."""

    def __init__(self, layer: str, why: str) -> None:
        super().__init__(f"{layer}: {why}")
        self.layer, self.why = layer, why


def enter(layers: Collection[str], readable: Iterable[str], hidden: Iterable[str], box: str) -> None:
    """Move this process into separate namespaces.

    A process of root first sets up everything and then becomes an unprivileged user. Any other user gets the
    necessary rights from a user namespace.

    Parameters
    ----------
    layers
        Names of the layers to set up.
    readable
        Folders to bind into the new root, in this order.
    hidden
        Folders inside them to cover with empty folders. A later readable folder may be inside a hidden one.
    box
        Empty folder to create in the new root. Scratch folders are mounted there.
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
    """Do one step. If it fails, raise LayerFailed with the layer that the step belongs to."""
    try:
        action(*arguments)
    except OSError as error:
        raise LayerFailed(layer, str(error)) from error


def _own_user_namespace(proc: int, flags: int) -> None:
    user, group = os.geteuid(), os.getegid()
    _step(tiers.USER, syscalls.unshare, syscalls.CLONE_NEWUSER | flags)
    _step(tiers.USER, _map_ids, proc, user, group)


def _map_ids(proc: int, user: int, group: int) -> None:
    """Map one user and one group into the new user namespace: those of this process."""
    contents = {"setgroups": "deny", "uid_map": f"{user} {user} 1", "gid_map": f"{group} {group} 1"}
    for name, text in contents.items():
        file = os.open(f"self/{name}", os.O_WRONLY, dir_fd=proc)
        try:
            os.write(file, text.encode())
        finally:
            os.close(file)


def _give_up_root(proc: int, layers: Collection[str]) -> None:
    if tiers.USER not in layers:
        # The zygote still needs root's rights to fork. Its children give them up.
        return
    if tiers.NOBODY in layers:
        become_nobody()
        # After a change of user, /proc/self and its id maps belong to root, unless the process is dumpable.
        syscalls.prctl(syscalls.PR_SET_DUMPABLE, 1)
    # It needs another mount namespace, because scratch folders are mounted with the rights of the new user namespace.
    _own_user_namespace(proc, syscalls.CLONE_NEWNS if tiers.MOUNT in layers else 0)


def become_nobody() -> None:
    """Change to the user and group `nobody`, which own no files."""
    os.setgroups([])
    os.setresgid(NOBODY_ID, NOBODY_ID, NOBODY_ID)
    os.setresuid(NOBODY_ID, NOBODY_ID, NOBODY_ID)


def _move_root(readable: Iterable[str], hidden: Iterable[str], box: str) -> None:
    """Pivot into a new root that contains only the readable folders and the empty folder `box`."""
    syscalls.mount(None, "/", None, syscalls.MS_REC | syscalls.MS_PRIVATE)
    # They are opened first, because the new root may cover them.
    sources = [(path, os.open(path, os.O_PATH | os.O_CLOEXEC)) for path in readable]
    syscalls.mount("tmpfs", NEW_ROOT, "tmpfs", TMPFS_FLAGS, TMPFS_OPTIONS)
    os.chdir(NEW_ROOT)
    os.mkdir(_in_new_root(box))
    for path, source in sources:
        _bind(path, source, hidden)
        os.close(source)
    _pivot()
    syscalls.seal_mounts("/")


def _pivot() -> None:
    """Make the current folder the root, and detach the old root."""
    syscalls.call("pivot_root", b".", b".")
    # Both roots are now mounted at the same place, the old one on top.
    syscalls.call("umount2", b".", syscalls.MNT_DETACH)
    os.chdir("/")


def _bind(path: str, source: int, hidden: Iterable[str]) -> None:
    """Bind one file or folder at the same path in the new root, and cover the hidden folders inside it."""
    target = _in_new_root(path)
    _make_mount_point(target, os.path.isdir(f"/proc/self/fd/{source}"))
    syscalls.mount(f"/proc/self/fd/{source}", target, None, syscalls.MS_BIND | syscalls.MS_REC)
    for folder in hidden:
        if folder.startswith(path + "/") and os.path.isdir(_in_new_root(folder)):
            syscalls.mount("tmpfs", _in_new_root(folder), "tmpfs", TMPFS_FLAGS, TMPFS_OPTIONS)


def _make_mount_point(target: str, folder: bool) -> None:
    """Create the folder or empty file to bind onto."""
    if folder:
        os.makedirs(target, exist_ok=True)
        return
    os.makedirs(os.path.dirname(target), exist_ok=True)
    os.close(os.open(target, os.O_CREAT | os.O_WRONLY, 0o644))


def _in_new_root(path: str) -> str:
    """Return the path in the new root, relative to the folder that will become the root."""
    return "." + path


def new_pid_namespace() -> None:
    """Create a pid namespace. The next forked process is its first process."""
    _step(tiers.PID, syscalls.unshare, syscalls.CLONE_NEWPID)
