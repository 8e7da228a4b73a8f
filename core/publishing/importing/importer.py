"""Import many publications: idempotent by source id, for many tenants.

Rejected lines say why and the rest is imported. New lines are stored in batches; lines imported
before are compared by their fingerprint, and only differing ones are updated. With `WriterTurns`
each batch is a transaction of its own: one that is interrupted goes on when it is run again.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from types import MappingProxyType

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from core.audit.service import record
from core.db.transactions import savepoint
from core.db.tree import Tenant
from core.db.turns import WriterTurns
from core.errors import Forbidden, GongkaiError, Invalid
from core.permissions import Action, Actor, OrganScope, forbidden_at, organ_scope
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
from core.publishing.importing.outcomes import ImportReport, LineOutcome, LinePlan
from core.publishing.importing.pairs import link_imported
from core.publishing.importing.progress import Progress
from core.publishing.importing.update import require_free, update_existing
from core.publishing.models import Publication
from core.publishing.workflow.drafts import get_working_content

BATCH = 500


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
        submits: bool = True,
        makes_organs: bool = True,
        kept: Mapping[int, str] = MappingProxyType({}),
        files: LineFiles | None = None,
        turns: WriterTurns | None = None,
        progress: Callable[[int], None] = lambda _lines: None,
        note_outcomes: Callable[[Mapping[int, LineOutcome]], None] = lambda _outcomes: None,
    ) -> None:
        """Prepare a run.

        Without `submits` lines become drafts; without `makes_organs` an unknown publisher is
        refused; `kept` are reasons for which personal data of a line stays, by its number;
        `note_outcomes` is called in the transaction that stores lines.
        """
        self._session = session
        self._actor = actor
        self._lookup = Lookup(session, root, makes_organs=makes_organs)
        self._approve = approve
        self._submits = submits
        self._kept = kept
        self._note_outcomes = note_outcomes
        self._outcomes: dict[int, LineOutcome] = {}
        self._files = files
        self._turns = turns
        self._show_progress = progress
        self._scopes: dict[int, OrganScope] = {}
        self._personal: list[str] = []
        self.report = ImportReport()

    def run(self, text: str) -> ImportReport:
        """Import every line; raises `Forbidden` if a person may not write somewhere."""
        stored = Progress(self._session, self._lookup.root, text, approve=self._approve)
        return self.run_lines(read_lines(text), stored)

    def run_lines(
        self, lines: Iterable[ImportLine | Rejection], stored: Progress | None = None
    ) -> ImportReport:
        """Import lines; `stored` says which ones without an id an interrupted run has stored."""
        self._require(self._lookup.root)
        if self._approve and not self._actor.operator:
            raise Forbidden(_("A person hands in what is imported; another person approves it."))
        later: list[PlacedLine] = []
        for batch in self._batches(self._placed(lines, stored)):
            # What explains something comes after what it explains.
            now = [placed for placed in batch if not placed.explains]
            later += [placed for placed in batch if placed.explains]
            self._store(now, stored, last=_last(batch), explaining=False)
        for batch in self._batches(iter(later)):
            self._store(batch, stored, last=_last(batch), explaining=True)
        self._write(partial(self._record, stored))
        return self.report

    def plan(self, lines: Iterable[ImportLine | Rejection]) -> Iterator[LinePlan]:
        """Yield what the import of each line would do; nothing is stored."""
        self._require(self._lookup.root)
        for batch in self._batches(self._placed(lines, None)):
            known, claims = self._look_up(batch)
            for placed in batch:
                yield self._plan_one(placed, known.get(placed.key), claims)
        for rejection in self.report.rejected:
            yield LinePlan(rejection.line, "error", rejection.reason)

    def _plan_one(
        self,
        placed: PlacedLine,
        existing: Publication | None,
        claims: dict[tuple[int, str], Claim],
    ) -> LinePlan:
        number = placed.line.number
        self.report.findings.clear()
        self._personal.clear()
        try:
            self._claim_number(placed, existing, claims)
            if existing is not None and existing.import_digest == placed.line.digest:
                return LinePlan(number, "same")
            before = Content()
            if existing is not None:
                self._require(placed.tenant, existing.organ_id)
                require_free(self._session, self._actor, existing, submits=self._submits)
                before = get_working_content(self._session, existing)
            content = self._content(placed, before)
            if self._files:
                self._files.read(placed.line)
            findings = list_text_findings(placed.line, convert(content.body_source), (), 1)
        except GongkaiError as error:
            return LinePlan(number, "error", error.message)
        plan = "new" if existing is None else "update"
        told = [one for one in self.report.findings if one.message not in self._personal]
        return LinePlan(number, plan, "", [*told, *findings], [*self._personal])

    def _store(
        self, batch: Sequence[PlacedLine], stored: Progress | None, *, last: int, explaining: bool
    ) -> None:
        """Store a batch and how far that is; what takes long is prepared before."""
        before = self.report.copy()
        if self._turns:
            self._prepare(batch)

        def work() -> None:
            if self._turns:  # done again after a conflict: nothing of the last time holds
                self.report = before.copy()
                self._lookup.forget_organs()
            if self._turns and stored:
                stored.record(last, explaining=explaining)
            self._outcomes.clear()
            self._take(batch)
            self._note_outcomes(self._outcomes)

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

    def _placed(
        self, lines: Iterable[ImportLine | Rejection], stored: Progress | None
    ) -> Iterator[PlacedLine]:
        for read in lines:
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
            if (
                stored
                and not read.source_id
                and stored.is_stored(read.number, explains=placed.explains)
            ):
                self.report.unchanged += 1
                continue
            yield placed

    def _require(self, tenant: Tenant, *organs: int | None) -> None:
        """Raise `Forbidden` unless the actor writes at the place at all, and for the organs."""
        scope = self._scopes.get(tenant.id)
        if scope is None:
            scope = organ_scope(self._actor, Action.WRITE_PUBLICATION, tenant)
            self._scopes[tenant.id] = scope
        if not scope or any(organ not in scope for organ in organs):
            raise forbidden_at(tenant, of_another_organ=bool(scope))

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
        known, claims = self._look_up(batch)
        new: list[NewPublication] = []
        for placed in batch:
            try:
                self._claim_number(placed, known.get(placed.key), claims)
                self._take_one(placed, known.get(placed.key), new)
            except GongkaiError as error:
                self._reject(placed.line, error)
        made = store_new(
            self._session,
            self._actor,
            new,
            files=self._files,
            approve=self._approve,
            submits=self._submits,
        )
        self.report.created += len(new)
        for one, number in zip(new, made, strict=True):
            self._outcomes[one.line.number] = LineOutcome("created", number)
        lines = [(placed.tenant, placed.line) for placed in batch]
        self.report.findings += link_imported(self._session, self._actor, lines)

    def _look_up(
        self, batch: Sequence[PlacedLine]
    ) -> tuple[dict[tuple[int, str], Publication], dict[tuple[int, str], Claim]]:
        """Look up what the lines name: organs, publications imported before, index numbers."""
        named = [(placed.tenant, organ_name(placed.tenant, placed.line)) for placed in batch]
        self._lookup.load_organs(named)
        known = self._lookup.existing([p.key for p in batch if p.line.source_id])
        numbers = [(p.tenant.id, n) for p in batch if (n := p.line.values.get("index_no"))]
        claims = {
            key: Claim(publication=holder)
            for key, holder in self._lookup.numbers_taken(numbers).items()
        }
        return known, claims

    def _take_one(
        self, placed: PlacedLine, existing: Publication | None, new: list[NewPublication]
    ) -> None:
        line = placed.line
        if existing is None:
            content = self._content(placed, Content())
            converted = convert(content.body_source)
            named = self._read_files(placed, converted, content.item_id)
            kept = self._kept.get(line.number, "")
            new.append(NewPublication(placed.tenant, line, content, converted.html, named, kept))
            return
        self._require(placed.tenant, existing.organ_id)
        item_id = line.values.get("item_id") or existing.item_id
        with savepoint(self._session):  # refused in the middle, nothing of the line is stored
            outcome = update_existing(
                self._session,
                self._actor,
                existing,
                line,
                make=lambda before: self._content(placed, before),
                read_files=lambda: self._read_files(placed, convert(line.body), item_id),
                files=self._files,
                approve=self._approve,
                submits=self._submits,
                kept=self._kept.get(line.number, ""),
            )
        self._outcomes[line.number] = LineOutcome(outcome, existing.id)
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
        self._require(tenant, content.organ_id)
        keeps = line.number in self._kept
        if wrong := find_forbidden_list(self._session, tenant, content, imported=not keeps):
            raise Invalid(wrong)
        masked_content, masked = mask_content(content, self._lookup.rules(tenant, content.item_id))
        told = list(list_masked(line, tenant, masked))
        self._personal = [one.message for one in told]
        self.report.findings += list_metadata_findings(line, masked_content)
        if keeps:
            return content
        self.report.masked += sum(len(group.findings) for group in masked)
        self.report.findings += told
        return masked_content

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
        self._outcomes[line.number] = LineOutcome("rejected", message=error.message)

    def _record(self, stored: Progress | None) -> None:
        if stored:
            stored.finish()
        counts = {name: getattr(self.report, name) for name in ("created", "updated", "unchanged")}
        record(
            self._session, self._actor, self._lookup.root, "publication.import",
            self._lookup.root.division_code, rejected=len(self.report.rejected), **counts,
        )  # fmt: skip


def _last(batch: Sequence[PlacedLine]) -> int:
    return max(placed.line.number for placed in batch)
