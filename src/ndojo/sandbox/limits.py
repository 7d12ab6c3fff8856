"""The resource limits of a child."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Limits:
    """The resources that a child may use before the kernel or the judge stops it.

    Parameters
    ----------
    memory_bytes
        Address space in addition to that of the warm zygote.
    cpu_seconds
        CPU time of all the child's threads together.
    file_bytes
        Size of one file.
    box_bytes, box_inodes
        Size of the scratch folder, and how many files and folders it may contain.
    open_files
        Open file descriptors.
    threads
        Threads in addition to the first one.
    frame_bytes
        Longest frame that the judge accepts from a child.
    """

    memory_bytes: int = 1 << 30
    cpu_seconds: int = 20
    file_bytes: int = 64 << 20
    box_bytes: int = 64 << 20
    box_inodes: int = 1024
    open_files: int = 48
    threads: int = 32
    frame_bytes: int = 256 << 20
