"""What processes have used, from /proc: CPU time in clock ticks, resident memory."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

TICK_US = 1e6 / os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True, slots=True)
class Watch:
    """Processes by name, and the postmasters among them, whose children count with them."""

    processes: Mapping[str, int]
    families: Mapping[str, int]

    def used_us(self) -> dict[str, float]:
        """CPU time so far, user and system, in microseconds."""
        alone = {name: _ticks(pid) for name, pid in self.processes.items()}
        families = {name: _family_ticks(pid) for name, pid in self.families.items()}
        return {name: ticks * TICK_US for name, ticks in (alone | families).items()}

    def resident_mb(self) -> dict[str, float]:
        """Memory by name: resident of a process, proportional of a family, which shares its buffers."""
        alone = {name: _memory(pid, "Rss") for name, pid in self.processes.items()}
        families = {
            name: sum(_memory(each, "Pss") for each in (pid, *children(pid)))
            for name, pid in self.families.items()
        }
        return alone | families


def children(parent: int) -> list[int]:
    """The live processes whose parent is that one."""
    found = Path(f"/proc/{parent}/task/{parent}/children").read_text().split()
    return [int(pid) for pid in found]


def _stat(pid: int) -> list[int]:
    """The fields after the command's name, which may hold blanks; [11:15] are utime, stime, cutime and cstime."""
    after = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return [int(word) for word in after[11:15]]


def _ticks(pid: int) -> int:
    own, system, *_ = _stat(pid)
    return own + system


def _family_ticks(parent: int) -> int:
    """The parent with the children that it has outlived, and those that live."""
    total = sum(_stat(parent))
    for pid in children(parent):
        try:
            total += _ticks(pid)
        except (FileNotFoundError, ProcessLookupError):
            continue
    return total


def _memory(pid: int, kind: str) -> float:
    try:
        rollup = Path(f"/proc/{pid}/smaps_rollup").read_text()
    except (FileNotFoundError, ProcessLookupError, PermissionError):
        return 0.0
    line = next(line for line in rollup.splitlines() if line.startswith(f"{kind}:"))
    return int(line.split()[1]) / 1024
