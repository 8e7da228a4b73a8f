"""Result of reading official tables: rows of catalogs, and findings about doubtful cells."""

import dataclasses
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from core.tables.messages import format_message

Severity = Literal["info", "warning", "error"]
AudienceKind = Literal["everyone", "group"]
Mode = Literal["proactive", "on_request"]
Level = Literal["city", "county", "township", "village"]

LEVELS: tuple[Level, ...] = ("city", "county", "township", "village")
#: Fields that a table should have a column for; `level2` and `level3` may be absent silently.
EXPECTED_FIELDS = (
    "seq",
    "level1",
    "content_elements",
    "legal_basis",
    "time_limit",
    "responsible_organ",
    "channels",
    "audience",
    "mode",
    "levels",
)
_PLAIN_FIELDS = ("seq", "level1", "level2", "level3", "mode")
_LIST_FIELDS = ("content_elements", "legal_basis", "responsible_organ", "channels", "levels")


@dataclass(frozen=True, slots=True)
class Audience:
    """公开对象: everyone, or a group, which `text` names where the table does."""

    kind: AudienceKind
    text: str | None = None


@dataclass(frozen=True, slots=True)
class RowSource:
    """Where a row stood, and by field the text of the cells that it was read from, as printed."""

    place: str = ""
    cells: Mapping[str, str] = dataclasses.field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class CatalogRow:
    """One item of a catalog; `None` is what the file does not hold."""

    seq: str | None = None
    level1: str | None = None
    level2: str | None = None
    level3: str | None = None
    content_elements: tuple[str, ...] | None = None
    legal_basis: tuple[str, ...] | None = None
    time_limit: str | None = None
    responsible_organ: tuple[str, ...] | None = None
    channels: tuple[str, ...] | None = None
    audience: Audience | None = None
    mode: Mode | None = None
    levels: tuple[Level, ...] | None = None
    extra: Mapping[str, str] = dataclasses.field(default_factory=dict)
    source: RowSource = dataclasses.field(default_factory=RowSource, compare=False)

    @classmethod
    def from_json(cls, document: Mapping[str, Any]) -> "CatalogRow":
        """Build a row from what `to_json` gives; a field that is missing is `None`."""
        audience = document.get("audience")
        limit = document.get("time_limit")
        values: dict[str, Any] = {name: document.get(name) for name in _PLAIN_FIELDS}
        lists = {name: document.get(name) for name in _LIST_FIELDS}
        values |= {name: tuple(found) if found else None for name, found in lists.items()}
        values["time_limit"] = limit["raw"] if limit else None
        values["audience"] = Audience(audience["kind"], audience.get("text")) if audience else None
        extra = document.get("extra") or {}
        values["extra"] = {key: value for key, value in extra.items() if value}
        return cls(**values)

    def to_json(self) -> dict[str, Any]:
        """Return the row as `catalog read --json` prints it."""
        return {
            "seq": self.seq,
            "level1": self.level1,
            "level2": self.level2,
            "level3": self.level3,
            "content_elements": _listed(self.content_elements),
            "legal_basis": _listed(self.legal_basis),
            "time_limit": None if self.time_limit is None else _limit(self.time_limit),
            "responsible_organ": _listed(self.responsible_organ),
            "channels": _listed(self.channels),
            "audience": None if self.audience is None else _audience(self.audience),
            "mode": self.mode,
            "levels": _listed(self.levels),
            "extra": dict(self.extra),
        }


@dataclass(frozen=True, slots=True)
class Finding:
    """Something about a file, a catalog, a row or a field that a person should know.

    `catalog` and `row` count from 0. `code` is stable; `params` fill the message of that code
    (see `messages.MESSAGES`), so that every surface can print it in its own language.
    """

    code: str
    severity: Severity
    catalog: int | None = None
    row: int | None = None
    field: str | None = None
    params: Mapping[str, str] = dataclasses.field(default_factory=dict)

    def message(self, language: str = "zh") -> str:
        """Return the finding in words, in `zh` or `en`."""
        return format_message(self.code, self.params, language)

    def to_json(self, language: str = "zh") -> dict[str, Any]:
        """Return the finding as `catalog read --json` prints it."""
        return {
            "catalog": self.catalog,
            "row": self.row,
            "field": self.field,
            "severity": self.severity,
            "message": self.message(language),
            "code": self.code,
            "params": dict(self.params),
        }


@dataclass(frozen=True, slots=True)
class NotApplicable:
    """A domain that the file names as not concerned, and why."""

    domain: str
    reason: str


@dataclass(frozen=True, slots=True)
class ReadCatalog:
    """One catalog of a file."""

    title: str | None
    domain: str | None
    rows: tuple[CatalogRow, ...]


@dataclass(frozen=True, slots=True)
class ReadResult:
    """All that was understood of a file."""

    catalogs: tuple[ReadCatalog, ...]
    not_applicable: tuple[NotApplicable, ...] = ()
    findings: tuple[Finding, ...] = ()

    def to_json(self, language: str = "zh") -> dict[str, Any]:
        """Return the document of `catalog read --json`; messages in `zh` or `en`."""
        return {
            "catalogs": [
                {
                    "title": catalog.title,
                    "domain": catalog.domain,
                    "rows": [row.to_json() for row in catalog.rows],
                }
                for catalog in self.catalogs
            ],
            "not_applicable": [
                {"domain": entry.domain, "reason": entry.reason} for entry in self.not_applicable
            ],
            "findings": [finding.to_json(language) for finding in self.findings],
        }


@dataclass(frozen=True, slots=True)
class Note:
    """A finding that does not know its place yet: what a field parser has to say."""

    code: str
    severity: Severity = "info"
    params: Mapping[str, str] = dataclasses.field(default_factory=dict)

    def at(
        self, catalog: int | None = None, row: int | None = None, of: str | None = None
    ) -> Finding:
        """Return the note as a finding about field `of` of a row of a catalog."""
        return Finding(self.code, self.severity, catalog, row, of, self.params)


def _listed(values: Sequence[str] | None) -> list[str] | None:
    return None if values is None else list(values)


def _limit(raw: str) -> dict[str, Any]:
    return {"raw": raw, "rule": None}


def _audience(audience: Audience) -> dict[str, Any]:
    return {"kind": audience.kind, "text": audience.text}
