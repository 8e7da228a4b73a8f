"""Plan the changes that importing official tables would make to a layer; stores nothing."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from core.catalog.domain.changes import FIELDS, Change, DefineDomain, Fields, Refine, WithdrawDomain
from core.catalog.domain.inheritance import EffectiveCatalog, EffectiveItem
from core.catalog.domain.matching import (
    RowMatch,
    RowOutcome,
    compare_row,
    find_domain,
    match_rows,
    similar_domains,
)
from core.catalog.domain.naming import item_names
from core.catalog.editing.changes import DefinitionWriter, base_for, get_item
from core.catalog.effective import effective_catalog
from core.catalog.identifiers import DOMAIN_KEY
from core.catalog.uploads.corrections import ParsedTable, RowKey
from core.db.tree import Tenant
from core.errors import Invalid

# What a person answers to a proposal instead of an item's id: it is none of them.
NEW_ITEM = "new"


@dataclass(frozen=True, slots=True)
class ImportFinding:
    """A finding for a person to check; `catalog` and `row` count from 0."""

    catalog: int
    row: int | None
    field: str | None
    severity: str
    message: str


@dataclass(frozen=True, slots=True)
class PlannedRow:
    """The match of one row of one table."""

    catalog: int
    match: RowMatch


@dataclass(slots=True)
class ImportPlan:
    """The changes of an import, with the outcome of each row and the findings."""

    changes: list[Change] = field(default_factory=list)
    rows: list[PlannedRow] = field(default_factory=list)
    findings: list[ImportFinding] = field(default_factory=list)

    def count(self, outcome: RowOutcome) -> int:
        """Count the rows with this outcome."""
        return sum(row.match.outcome is outcome for row in self.rows)


def plan_import(  # noqa: PLR0913 - what was read, and what the person says of it
    session: Session,
    tenant: Tenant,
    tables: Sequence[ParsedTable],
    *,
    not_applicable: Sequence[tuple[str, str | None]] = (),
    domain: str | None = None,
    confirmed: Mapping[RowKey, str] | None = None,
) -> ImportPlan:
    """Match the rows of all tables; plan what to define and refine.

    `domain` names the domain of every table (else each says its own), `not_applicable` are domains
    with reasons, `confirmed` are a person's answers to proposals: (catalog, row) → item id, or
    `new`. Raises `Invalid` where a table's domain is not known.
    """
    planner = _Planner(session, tenant, confirmed or {})
    by_domain: dict[str, list[int]] = defaultdict(list)
    for number, table in enumerate(tables):
        by_domain[planner.open_domain(number, table, domain)].append(number)
    for key, numbers in by_domain.items():
        planner.add_rows(
            key, [(n, r, row) for n in numbers for r, row in enumerate(tables[n].rows)]
        )
    for name, reason in not_applicable:
        planner.add_not_applicable(name, reason)
    return planner.finished()


class _Planner:
    def __init__(self, session: Session, tenant: Tenant, confirmed: Mapping[RowKey, str]) -> None:
        self._tenant = tenant
        self._confirmed = confirmed
        self._catalog: EffectiveCatalog = effective_catalog(session, tenant).catalog
        self._writer = DefinitionWriter(session, tenant)
        self._plan = ImportPlan()
        self._later: list[Change] = []

    def open_domain(self, number: int, table: ParsedTable, given: str | None) -> str:
        """Return the key of a table's domain; an unknown one is defined, with a finding.

        A title is no domain: raises `Invalid` where the table names none.
        """
        name = given or table.domain
        if not name:
            message = _("The file does not name the domain: use --domain.")
            raise Invalid({"domain": message}, where=table.title or str(number))
        known = find_domain(self._writer.domains, name)
        if known is not None:
            return known.key
        alike = similar_domains(self._writer.domains, name)
        key = self._writer.add_domain(self._new_domain(name, table))
        opened = _("Nobody above knows the domain %(name)s; it is opened here.", name=name)
        hint = _("Did you mean %(name)s?", name=alike[0].name) if alike else ""
        self._add_finding(number, None, "domain", "warning", f"{opened} {hint}".strip())
        return key

    def add_rows(self, key: str, rows: Sequence[tuple[int, int, Fields]]) -> None:
        """Match the rows of one domain, from any number of tables."""
        code = self._tenant.division_code
        matches = match_rows([row for _n, _r, row in rows], self._catalog, key, code)
        for (number, position, row), match in zip(rows, matches, strict=True):
            settled = self._settled((number, position), row, match)
            outcome = RowMatch(
                position,
                settled.outcome,
                settled.item_id,
                settled.differences,
                settled.blocked,
                settled.candidates,
            )
            if outcome.outcome is RowOutcome.DEFINED:
                fields = {name: row.get(name) for name in FIELDS} | {"domain": key}
                self._writer.add_checked(key, fields)
            self._later += self._refinements(outcome)
            self._plan.rows.append(PlannedRow(number, outcome))
            self._plan.findings += self._findings(number, outcome)

    def add_not_applicable(self, name: str, reason: str | None) -> None:
        """Declare a domain not applicable; an unknown one is defined first."""
        known = find_domain(self._writer.domains, name)
        key = known.key if known else self._writer.add_domain({"name": name})
        if key not in self._catalog.not_applicable:
            self._later.append(WithdrawDomain(key, reason=reason))

    def finished(self) -> ImportPlan:
        """Return the plan; definitions come first, so that later changes find them."""
        domains = [change for change in self._writer.changes if isinstance(change, DefineDomain)]
        items = [c for c in self._writer.changes if not isinstance(c, DefineDomain)]
        self._plan.changes = [*domains, *items, *self._later]
        self._plan.rows.sort(key=lambda row: (row.catalog, row.match.row))
        self._plan.findings.sort(key=lambda found: (found.catalog, found.row or 0))
        return self._plan

    def _new_domain(self, name: str, table: ParsedTable) -> dict[str, str | None]:
        """Return a new domain's values: a Latin name is a key, the name is then the table's own."""
        if not name.isascii():
            return {"name": name, "title": table.title}
        own = table.domain
        if not own or own.isascii() or not DOMAIN_KEY.fullmatch(name):
            message = _("There is no domain %(name)s.", name=name)
            raise Invalid({"domain": message}, where=name)
        return {"key": name, "name": own, "title": table.title}

    def _settled(self, row_key: RowKey, row: Fields, match: RowMatch) -> RowMatch:
        """Apply a person's answer to a proposal; return any other match unchanged."""
        answer = self._confirmed.get(row_key)
        if answer is None or match.outcome is not RowOutcome.PROPOSED:
            return match
        if answer == NEW_ITEM:
            return RowMatch(match.row, RowOutcome.DEFINED)
        item = get_item(self._catalog, answer)
        return compare_row(match.row, row, item, self._tenant.division_code)

    def _refinements(self, match: RowMatch) -> list[Change]:
        if match.outcome is not RowOutcome.REFINED:
            return []
        item = self._item(match)
        return [
            Refine(item.item_id, d.field, d.value, base_for(item, d.field, self._tenant))
            for d in match.differences
        ]

    def _item(self, match: RowMatch) -> EffectiveItem:
        return self._catalog.items[str(match.item_id)]

    def _findings(self, number: int, match: RowMatch) -> Iterator[ImportFinding]:
        for blocked in match.blocked:
            message = _("%(item)s: a layer above has locked this field.", item=match.item_id)
            yield ImportFinding(number, match.row, blocked.field, "warning", message)
        message = self._outcome_message(match)
        if message:
            severity = _SEVERITIES[match.outcome]
            yield ImportFinding(number, match.row, "level1", severity, message)

    def _outcome_message(self, match: RowMatch) -> str:
        """Describe why a row is not stored; empty if it is."""
        if match.outcome is RowOutcome.PROPOSED:
            names = "; ".join(
                f"{item_id} ({' / '.join(item_names(self._catalog.items[item_id].fields))})"
                for item_id in match.candidates
            )
            return str(_("Not stored: this may be %(items)s. Decide.", items=names))
        if match.outcome is RowOutcome.WITHDRAWN:
            return str(_("Not stored: this item or its domain has been withdrawn here."))
        if match.outcome is RowOutcome.REPEATED:
            return str(_("Not stored: the same row stands above."))
        if match.outcome is RowOutcome.NAMELESS:
            return str(_("Not stored: the row has no name."))
        return ""

    def _add_finding(
        self, number: int, row: int | None, name: str, severity: str, message: str
    ) -> None:
        self._plan.findings.append(ImportFinding(number, row, name, severity, message))


_SEVERITIES = {
    RowOutcome.PROPOSED: "warning",
    RowOutcome.WITHDRAWN: "warning",
    RowOutcome.REPEATED: "info",
    RowOutcome.NAMELESS: "error",
}
