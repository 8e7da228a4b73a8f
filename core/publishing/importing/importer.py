"""Import many publications: idempotent by source id, for many tenants.

Rejected lines say why and the rest is imported. New lines are stored in batches; lines imported
before are compared by their fingerprint, and only differing ones are updated. With `WriterTurns`
each batch is a transaction of its own: one that is interrupted goes on when it is run again.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass, field, replace
from functools import partial
from typing import Any

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from core.audit.service import record
from core.db.tree import Tenant
from core.db.turns import WriterTurns
from core.errors import Forbidden, GongkaiError, Invalid
from core.permissions import Action, Actor, require
from core.publishing.body.convert import Converted, convert
from core.publishing.channels.forbidden import find_forbidden_list
from core.publishing.content import Content
from core.publishing.guard.files import read_new_files, require_clean_files
from core.publishing.guard.scanning import mask_content
from core.publishing.importing.create import NewPublication, store_new
from core.publishing.importing.files import LineFiles, NamedFile
from core.publishing.importing.findings import (
    LineFinding,
    list_masked,
    list_metadata_findings,
    list_text_findings,
)
from core.publishing.importing.lines import ImportLine, Rejection, read_lines
from core.publishing.importing.lookup import Lookup, organ_name, plain_values
from core.publishing.importing.pairs import link_imported
from core.publishing.importing.progress import Progress
from core.publishing.importing.update import update_existing
from core.publishing.models import Publication

BATCH = 500


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
class PlacedLine:
    """A line with its tenant."""

    line: ImportLine
    tenant: Tenant

    @property
    def key(self) -> tuple[int, str]:
        """Tenant and source id, equal for repeated imports; lines without an id are always new."""
        return self.tenant.id, self.line.source_id or f"\0{self.line.number}"

    @property
    def explains(self) -> bool:
        """Whether it explains or carries out another publication, which has to be there first."""
        return bool(self.line.values["interprets"] or self.line.values.get("carries_out"))


@dataclass(frozen=True, slots=True)
class Claim:
    """The holder of an index number: a stored publication, or a line of this file."""

    publication: int | None = None
    line: int | None = None


class PublicationImport:
    """One run of an import into a tenant and those below, in a session with that scope."""

    def __init__(  # noqa: PLR0913 - what one run is given, each by name
        self,
        session: Session,
        actor: Actor,
        root: Tenant,
        *,
        approve: bool,
        files: LineFiles | None = None,
        turns: WriterTurns | None = None,
        progress: Callable[[int], None] = lambda _lines: None,
    ) -> None:
        self._session = session
        self._actor = actor
        self._lookup = Lookup(session, root)
        self._approve = approve
        self._files = files
        self._turns = turns
        self._show_progress = progress
        self._allowed: set[int] = set()
        self.report = ImportReport()

    def run(self, text: str) -> ImportReport:
        """Import every line; raises `Forbidden` if a person may not write somewhere."""
        require(self._actor, Action.WRITE_PUBLICATION, self._lookup.root)
        if self._approve and not self._actor.operator:
            raise Forbidden(_("A person hands in what is imported; another person approves it."))
        stored = Progress(self._session, self._lookup.root, text, approve=self._approve)
        later: list[PlacedLine] = []
        for batch in self._batches(self._placed(text, stored)):
            # What explains something comes after what it explains.
            now = [placed for placed in batch if not placed.explains]
            later += [placed for placed in batch if placed.explains]
            self._store(now, partial(stored.record, _last(batch), explaining=False))
        for batch in self._batches(iter(later)):
            self._store(batch, partial(stored.record, _last(batch), explaining=True))
        self._write(partial(self._record, stored))
        return self.report

    def _store(self, batch: Sequence[PlacedLine], record_progress: Callable[[], None]) -> None:
        """Store a batch and how far that is; what takes long is prepared before."""
        before = self.report.copy()
        if self._turns:
            self._prepare(batch)

        def work() -> None:
            if self._turns:  # done again after a conflict: nothing of the last time holds
                self.report = before.copy()
                self._lookup.forget_organs()
                record_progress()
            self._take(batch)

        self._write(work, len(batch))
        self._show_progress(len(batch))

    def _write(self, work: Callable[[], None], items: int = 1) -> None:
        if self._turns:
            self._turns.take(work, items)
        else:
            work()

    def _prepare(self, batch: Sequence[PlacedLine]) -> None:
        """Compute catalogs and read files (pictures are decoded) of what is new or differs."""
        known = self._lookup.existing([p.key for p in batch if p.line.source_id])
        digests = {key: row.import_digest for key, row in known.items()}
        differing = [p for p in batch if digests.get(p.key) != p.line.digest]
        for tenant in {placed.tenant.id: placed.tenant for placed in differing}.values():
            self._lookup.catalog(tenant)
        if self._files:
            self._files.prepare(placed.line for placed in differing)

    def _placed(self, text: str, stored: Progress) -> Iterator[PlacedLine]:
        for read in read_lines(text):
            if isinstance(read, Rejection):
                self.report.rejected.append(read)
                continue
            try:
                tenant = self._lookup.tenant(read)
                self._require(tenant)
            except GongkaiError as error:
                self._reject(read, error)
                continue
            placed = PlacedLine(read, tenant)
            if not read.source_id and stored.is_stored(read.number, explains=placed.explains):
                self.report.unchanged += 1
                continue
            yield placed

    def _require(self, tenant: Tenant) -> None:
        if tenant.id not in self._allowed:
            require(self._actor, Action.WRITE_PUBLICATION, tenant)
            self._allowed.add(tenant.id)

    def _batches(self, lines: Iterator[PlacedLine]) -> Iterator[list[PlacedLine]]:
        """Yield lines in batches; a repeated id starts a new batch, so that it is an update."""
        batch: dict[tuple[int, str], PlacedLine] = {}
        for placed in lines:
            if len(batch) >= (self._turns.size if self._turns else BATCH) or placed.key in batch:
                yield list(batch.values())
                batch = {}
            batch[placed.key] = placed
        if batch:
            yield list(batch.values())

    def _take(self, batch: Sequence[PlacedLine]) -> None:
        if not batch:
            return
        named = [(placed.tenant, organ_name(placed.tenant, placed.line)) for placed in batch]
        self._lookup.load_organs(named)
        known = self._lookup.existing([p.key for p in batch if p.line.source_id])
        numbers = [(p.tenant.id, n) for p in batch if (n := p.line.values.get("index_no"))]
        claims = {
            key: Claim(publication=holder)
            for key, holder in self._lookup.numbers_taken(numbers).items()
        }
        new: list[NewPublication] = []
        for placed in batch:
            try:
                self._claim_number(placed, known.get(placed.key), claims)
                self._take_one(placed, known.get(placed.key), new)
            except GongkaiError as error:
                self._reject(placed.line, error)
        store_new(self._session, self._actor, new, files=self._files, approve=self._approve)
        self.report.created += len(new)
        lines = [(placed.tenant, placed.line) for placed in batch]
        self.report.findings += link_imported(self._session, self._actor, lines)

    def _take_one(
        self, placed: PlacedLine, existing: Publication | None, new: list[NewPublication]
    ) -> None:
        line = placed.line
        if existing is None:
            content = self._content(placed, Content())
            converted = convert(content.body_source)
            named = self._read_files(placed, converted, content.item_id)
            new.append(NewPublication(placed.tenant, line, content, converted.html, named))
            return
        item_id = line.values.get("item_id") or existing.item_id
        outcome = update_existing(
            self._session,
            self._actor,
            existing,
            line,
            make=lambda before: self._content(placed, before),
            read_files=lambda: self._read_files(placed, convert(line.body), item_id),
            files=self._files,
            approve=self._approve,
        )
        setattr(self.report, outcome, getattr(self.report, outcome) + 1)

    def _content(self, placed: PlacedLine, before: Content) -> Content:
        """Build the content of a line on top of the publication's present content."""
        line, tenant = placed.line, placed.tenant
        values = plain_values(line) | self._lookup.placed(tenant, line, before)
        if "publisher" in line.values or before.organ_id is None:
            values["organ_id"] = self._lookup.organ(tenant, line).id
        if line.values["interprets"]:
            values["interprets"] = self._policies(placed)
        content = replace(before, **values)
        if wrong := find_forbidden_list(self._session, tenant, content, imported=True):
            raise Invalid(wrong)
        content, masked = mask_content(content, self._lookup.rules(tenant, content.item_id))
        self.report.masked += sum(len(group.findings) for group in masked)
        self.report.findings += list_metadata_findings(line, content)
        self.report.findings += list_masked(line, tenant, masked)
        return content

    def _policies(self, placed: PlacedLine) -> tuple[int, ...]:
        wanted = placed.line.values["interprets"]
        found = self._lookup.by_source(placed.tenant, wanted)
        for source_id in wanted:
            if source_id not in found:
                message = _("There is no publication %(id)s that it could explain.", id=source_id)
                self.report.findings.append(
                    LineFinding(placed.line.number, "interprets", "warning", message)
                )
        return tuple(sorted(set(found.values())))

    def _read_files(
        self, placed: PlacedLine, converted: Converted, item_id: str | None
    ) -> tuple[NamedFile, ...]:
        """Read the files of a line and of its text; say what of the text is left out.

        Raises `Invalid` where the operator would publish a file with personal data.
        """
        line = placed.line
        named, missing = self._files.read(line) if self._files else ((), line.references)
        every = list_text_findings(line, converted, missing, len(named))
        self.report.findings += every
        if named:
            checked = [each.file for each in named]
            read_new_files(self._session, placed.tenant, checked, item_id)
            if self._approve:
                require_clean_files(self._session, placed.tenant, checked, item_id)
        return named

    @staticmethod
    def _claim_number(
        placed: PlacedLine, existing: Publication | None, claims: dict[tuple[int, str], Claim]
    ) -> None:
        """Reject an index number already used in the tenant or in this file."""
        number = placed.line.values.get("index_no")
        if not number:
            return
        mine = Claim(publication=existing.id) if existing else Claim(line=placed.line.number)
        if claims.setdefault((placed.tenant.id, number), mine) != mine:
            raise Invalid(_("index_no: %(number)s is taken already", number=number))

    def _reject(self, line: ImportLine, error: GongkaiError) -> None:
        self.report.rejected.append(Rejection(line.number, error.message))

    def _record(self, stored: Progress) -> None:
        stored.finish()
        counts = {name: getattr(self.report, name) for name in ("created", "updated", "unchanged")}
        record(
            self._session, self._actor, self._lookup.root, "publication.import",
            self._lookup.root.division_code, rejected=len(self.report.rejected), **counts,
        )  # fmt: skip


def _last(batch: Sequence[PlacedLine]) -> int:
    return max(placed.line.number for placed in batch)
