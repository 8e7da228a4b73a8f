"""What an import says: of the whole run, of each line that was stored, of each that would be."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, field, replace
from typing import Any

from core.publishing.importing.findings import LineFinding
from core.publishing.importing.lines import Rejection


@dataclass(slots=True)
class ImportReport:
    """The result of an import; `masked` counts what a privacy guard has masked."""

    created: int = 0
    updated: int = 0
    unchanged: int = 0
    masked: int = 0
    findings: list[LineFinding] = field(default_factory=list)
    rejected: list[Rejection] = field(default_factory=list)

    def copy(self) -> "ImportReport":
        """Return the report as it is now, to go back to where a batch has to be done again."""
        return replace(self, findings=[*self.findings], rejected=[*self.rejected])

    def as_dict(self) -> dict[str, Any]:
        """Return the report for the JSON output; lists in the order of the lines."""
        self.findings.sort(key=lambda finding: finding.line)
        self.rejected.sort(key=lambda rejection: rejection.line)
        return asdict(self)


@dataclass(frozen=True, slots=True)
class LineOutcome:
    """What became of a line: created, updated, unchanged, or rejected with the reason."""

    outcome: str
    publication_id: int | None = None
    message: str = ""


@dataclass(frozen=True, slots=True)
class LinePlan:
    """What the import of a line would do: `new`, `update`, `same`, or `error` with the reason.

    `personal` says what of personal data would be masked.
    """

    number: int
    plan: str
    message: str = ""
    findings: Sequence[LineFinding] = ()
    personal: Sequence[str] = ()
