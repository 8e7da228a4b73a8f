"""Search documents of publications: only what the public can read today."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import timedelta
from typing import Any
from urllib.parse import quote

from flask_babel import lazy_gettext as _l
from sqlalchemy import bindparam, exists, select
from sqlalchemy.orm import Session

from core.catalog.effective import effective_catalogs
from core.clock import first_moment, local_day, today
from core.db.reading import read_named_rows
from core.db.tree import Tenant, below, ids_on
from core.publishing.jobs import list_file_texts
from core.publishing.models import Attachment, Publication
from core.publishing.queries import is_public
from core.publishing.rules import publicity_is_over
from core.publishing.search.names import (
    findable_file,
    findable_text,
    findable_title,
    lets_names_be_found,
    may_name_persons,
)
from core.publishing.workflow.publish import KIND
from core.search.document import AttachedText, DocumentValidity, SearchDocument
from core.search.registry import SearchKind, WordGroups
from core.tenancy.models import Organ

LEARNED = 1_000
# Few have files: the others' are not asked for.
_FILED = exists().where(Attachment.publication_id == Publication.id, Attachment.live.is_(True))
# What a document is made from; the rest of the row is longer than this.
_READ = (
    Publication.id,
    Publication.domain,
    Publication.domain_text,
    Publication.item_id,
    Publication.title,
    Publication.body_html,
    Publication.list_data,
    Publication.summary,
    Publication.index_number,
    Publication.document_number,
    Publication.genre,
    Publication.validity,
    Publication.published_at,
    Publication.publicity_days,
    Publication.publicity_until,
    Publication.source_id,
)
# Asked for with every search, so it is made once.
_PUBLIC = (
    select(*_READ, Tenant.path, Tenant.level, Organ.name.label("organ"), _FILED.label("filed"))
    .join(Tenant, Tenant.id == Publication.tenant_id)
    .outerjoin(Organ, Organ.id == Publication.organ_id)
    .where(
        Publication.id.in_(bindparam("ids", expanding=True)),
        is_public(),
        Tenant.status == "active",
    )
)


def search_kind() -> SearchKind:
    """Return the search kind of publications, for the search registry."""
    return SearchKind(
        name=KIND,
        label=_l("Published information"),
        load=_load,
        keys=_keys,
        names=_titles,
        titled=_titled,
        dependents=_serving,
    )


def _serving(session: Session, top: Tenant, item_id: str, after: str, most: int) -> Sequence[str]:
    """List the public publications at and below a tenant that serve a catalog item."""
    query = (
        select(Publication.id)
        .join(Tenant, Tenant.id == Publication.tenant_id)
        .where(Publication.item_id == item_id, below(top.path), is_public())
        .where(Publication.id > int(after or 0))
        .order_by(Publication.id)
        .limit(most)
    )
    return [str(key) for key in session.scalars(query)]


def _titled(session: Session, place: Tenant, wanted: WordGroups, most: int) -> Iterator[str]:
    """Yield the newest publications with matching titles or numbers."""
    from core.search.answering.database_fallback import says  # where no engine answers

    del place  # the session's scope is the place's
    columns = (Publication.title, Publication.document_number, Publication.index_number)
    query = select(Publication.id).where(is_public(), says(wanted, *columns))
    for key in session.scalars(query.order_by(Publication.id.desc()).limit(most)):
        yield str(key)


def _titles(session: Session, tenant: Tenant) -> Iterator[str]:
    """Yield the newest titles, those of lists of persons without names; none with a period."""
    del tenant  # the session's scope is the tenant's
    query = select(
        Publication.title,
        Publication.genre,
        Publication.publicity_days,
        Publication.publicity_until,
    ).where(is_public(), Publication.publicity_until.is_(None))
    rows: Sequence[Any] = session.execute(
        query.order_by(Publication.id.desc()).limit(LEARNED)
    ).all()
    for row in rows:
        yield findable_title(row) if may_name_persons(row) else row.title


def _load(session: Session, keys: Sequence[str]) -> Iterator[SearchDocument]:
    """Load the documents of public publications; drafts and withdrawn ones have none."""
    ids = [int(key) for key in keys if key.isdecimal()]
    rows = read_named_rows(session, _PUBLIC, {"ids": tuple(ids)})
    catalogs = _Catalogs(session, rows)
    files = _attachments(session, [row.id for row in rows if row.filed])
    for row in rows:
        yield _document(row, files.get(row.id, ()), catalogs)


def _attachments(session: Session, ids: Sequence[int]) -> dict[int, tuple[AttachedText, ...]]:
    """Load the files of publications with their extracted text."""
    found: dict[int, tuple[AttachedText, ...]] = {}
    if not ids:
        return found
    for file in list_file_texts(session, ids):
        path = f"files/{file.id}/{quote(file.filename)}"
        attachment = AttachedText(file.filename, file.text, path)
        found[file.publication_id] = (*found.get(file.publication_id, ()), attachment)
    return found


def _keys(session: Session, tenant_id: int | None) -> Iterator[str]:
    query = select(Publication.id).where(is_public())
    if tenant_id is not None:
        query = query.where(Publication.tenant_id == tenant_id)
    yield from (str(key) for key in session.scalars(query))


def _document(row: Any, files: tuple[AttachedText, ...], catalogs: "_Catalogs") -> SearchDocument:
    until = row.publicity_until
    # When the publicity period is over the page stays, but nothing of its text is found (N32).
    over = until is not None and publicity_is_over(until, today())
    numbers = (row.index_number, row.document_number)
    names = not over and catalogs.lets_names_be_found(row)
    summary, body = ("", "") if over else findable_text(row, names=names)
    path = f"publications/{row.id}/"
    return SearchDocument(
        kind=KIND,
        pk=str(row.id),
        scope=ids_on(row.path),
        title=row.title if names else findable_title(row),
        path=path,
        body=body,
        summary=summary,
        topic=catalogs.domain_name(row),
        organ=row.organ or "",
        numbers=tuple(number for number in numbers if number),
        published_on=local_day(row.published_at) if row.published_at else None,
        expires_at=first_moment(until + timedelta(days=1)) if until and not over else None,
        level=row.level,
        validity=DocumentValidity(row.validity),
        attachments=() if over else files if names else _without_persons(files, path),
        source_id=row.source_id,
    )


def _without_persons(files: tuple[AttachedText, ...], page: str) -> tuple[AttachedText, ...]:
    return tuple(findable_file(file, page) for file in files)


class _Catalogs:
    """Catalogs of the tenants of a batch of publications, loaded together."""

    def __init__(self, session: Session, rows: Iterable[Any]) -> None:
        asking = (row.path for row in rows if row.domain is not None or row.item_id is not None)
        self._resolved = effective_catalogs(session, {ids_on(path) for path in asking})

    def domain_name(self, row: Any) -> str:
        """Return the name of the publication's domain."""
        if row.domain is None:
            return row.domain_text or ""
        domain = self._resolved[ids_on(row.path)[-1]].domains.get(row.domain)
        return domain.name if domain else str(row.domain)

    def lets_names_be_found(self, row: Any) -> bool:
        """Return whether persons named in the publication may be found by name."""
        if not may_name_persons(row):
            return True
        if row.item_id is None:
            return False
        item = self._resolved[ids_on(row.path)[-1]].items.get(row.item_id)
        return lets_names_be_found(item.fields if item else None)
