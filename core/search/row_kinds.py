"""Rows of a feature's table as things that the search box finds: what most features need."""

from collections.abc import Callable, Iterator, Sequence
from typing import Any

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from core.db.tree import Tenant
from core.search.document import SearchDocument
from core.search.registry import SearchKind

#: What was asked for: of each word its spellings.
AskedWords = Sequence[Sequence[str]]


def build_row_kind(  # noqa: PLR0913 - a kind has that many parts
    name: str,
    label: Any,
    model: Any,
    *,
    is_public: Callable[[], ColumnElement[bool]],
    load: Callable[[Session, Sequence[int]], Iterator[SearchDocument]],
    has_title: Callable[[AskedWords], ColumnElement[bool]],
    **options: Any,
) -> SearchKind:
    """Build the kind of the public rows of a model, whose keys are their ids.

    `load` yields the documents of those among some ids that are public; `has_title` is the
    condition for titles, for when no engine can answer: the newest rows come first. `options` are
    further ones of `SearchKind`.
    """

    def load_keys(session: Session, keys: Sequence[str]) -> Iterator[SearchDocument]:
        yield from load(session, [int(key) for key in keys if key.isdecimal()])

    def list_keys(session: Session, tenant_id: int | None) -> Iterator[str]:
        query = select(model.id).where(is_public())
        if tenant_id is not None:
            query = query.where(model.tenant_id == tenant_id)
        yield from map(str, session.scalars(query))

    def find_titled(
        session: Session, place: Tenant, wanted: AskedWords, most: int
    ) -> Iterator[str]:
        del place  # the session's scope is the place's
        query = select(model.id).where(is_public(), has_title(wanted))
        yield from map(str, session.scalars(query.order_by(model.id.desc()).limit(most)))

    return SearchKind(
        name=name, label=label, load=load_keys, keys=list_keys, titled=find_titled, **options
    )
