"""What is true when: versions of titles, names and switches, each a word that pages can show.

A *register* is something that changes: the title of a publication, the name of an organ, a switch.
Its versions are words such as `zq7v3q`, which nothing else looks like, so that a page says by
itself which version it shows. Version 0 is shown nowhere. Moments are of the machine's monotonic
clock, which is the same in all processes.
"""

import json
import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

_WORD = re.compile(r"zq(\d+)v(\d+)q")
OLDEST = 1.0


def word_of(register: int, version: int) -> str:
    """Return the word that a version is shown as."""
    return f"zq{register}v{version}q"


def find_words(text: str) -> frozenset[tuple[int, int]]:
    """Return the registers and versions that a page shows."""
    return frozenset((int(register), int(version)) for register, version in _WORD.findall(text))


@dataclass(frozen=True, slots=True)
class Change:
    """A version that came to be: it may be seen from `began`, and the one before until `ended`."""

    register: int
    kind: str
    place: str
    version: int
    began: float
    ended: float
    path: str = ""


class Ledger:
    """Changes as one process writes and another reads them: a line each, appended."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self._read = 0

    def write(self, change: Change) -> None:
        """Add a change."""
        with self._file.open("a", encoding="utf-8") as file:
            file.write(json.dumps(asdict(change)) + "\n")

    def read_new(self) -> Iterator[Change]:
        """Yield what was added since the last time."""
        if not self._file.exists():
            return
        with self._file.open(encoding="utf-8") as file:
            file.seek(self._read)
            while (line := file.readline()).endswith("\n"):
                self._read = file.tell()
                yield Change(**json.loads(line))


class Truth:
    """All changes, and what may be seen when."""

    def __init__(self, changes: Iterator[Change]) -> None:
        self._changes: dict[int, list[Change]] = defaultdict(list)
        for change in sorted(changes, key=lambda each: each.began):
            self._changes[change.register].append(change)

    def first(self, register: int) -> Change:
        """Return the first change of a register: its kind and place are those of all."""
        return self._changes[register][0]

    def registers(self, kind: str) -> list[int]:
        """List the registers of a kind."""
        return [each for each, changes in self._changes.items() if changes[0].kind == kind]

    def list_appearances(self, *kinds: str) -> list[Change]:
        """List when each register of these kinds was first something, in order."""
        every = (each for kind in kinds for each in self.registers(kind))
        found = (next((c for c in self._changes[each] if c.version), None) for each in every)
        return sorted(filter(None, found), key=lambda change: change.began)

    def list_versions(self, register: int) -> frozenset[int]:
        """List the versions that a register has had; before the first it was nothing."""
        return frozenset(change.version for change in self._changes[register]) | {0}

    def age(self, register: int, version: int, asked: float, answered: float) -> float:
        """Return how long a version had been over when it was asked for; 0 while it stands.

        Infinite for one that never was, or came later.
        """
        changes, ages = self._changes.get(register, []), [float("inf")]
        for number, change in enumerate(changes):
            if change.version == version and change.began <= answered:
                later = changes[number + 1 : number + 2]
                ages += [max(0.0, asked - next_one.ended) for next_one in later] or [0.0]
        if version == 0 and changes:
            ages.append(max(0.0, asked - changes[0].ended))
        return min(ages)
