"""Processor time of a server with all processes that it started."""

import os
from pathlib import Path

from core.testing.serving import child_processes

_TICKS = os.sysconf("SC_CLK_TCK")
# Of the fields behind the name in /proc/PID/stat: utime, stime, and those of ended children.
_USED = slice(11, 15)


def process_tree(process: int) -> set[int]:
    """Return the ids of a process and of everything below it."""
    return {process}.union(*map(process_tree, child_processes(process)))


def tree_seconds(process: int) -> float:
    """Return the processor seconds that a process and everything below it have used."""
    return sum(map(_seconds, process_tree(process)))


def _seconds(process: int) -> float:
    fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    return sum(map(int, fields[_USED])) / _TICKS
