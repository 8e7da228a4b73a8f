"""Organs as findable things: a real table of a real database, for the tests of search."""

from collections.abc import Iterable, Iterator, Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.db.scope import Scope, open_session
from core.db.tree import Tenant
from core.search.answering.database_fallback import says
from core.search.document import SearchDocument
from core.search.indexing.outbox import touch
from core.search.registry import SearchKind, WordGroups
from core.tenancy.models import Organ

POISON = "毒"


def load_organs(session: Session, keys: Sequence[str]) -> Iterator[SearchDocument]:
    """Organs as documents; `kind` stands for the state: a committee is not public."""
    rows = session.execute(
        select(Organ, Tenant).join(Tenant, Tenant.id == Organ.tenant_id)
        .where(Organ.id.in_([int(key) for key in keys]), Organ.kind != "committee")
        .order_by(Organ.id)
    )  # fmt: skip
    for organ, tenant in rows:
        if POISON in organ.name:
            raise ValueError(organ.name)
        yield SearchDocument(
            kind="organ", pk=str(organ.id), scope=tenant.chain, title=organ.name,
            body=organ.address or "", path=f"organs/{organ.id}/", source_id=f"o{organ.id}",
            organ=tenant.name, inherits=organ.kind == "vertical",
        )  # fmt: skip


def organ_keys(session: Session, tenant_id: int | None) -> Iterable[str]:
    query = select(Organ.id).order_by(Organ.id)
    if tenant_id is not None:
        query = query.where(Organ.tenant_id == tenant_id)
    return [str(key) for key in session.scalars(query)]


def titled_organs(session: Session, _place: Tenant, wanted: WordGroups, most: int) -> Iterable[str]:
    query = select(Organ.id).where(Organ.kind != "committee", says(wanted, Organ.name))
    return [str(key) for key in session.scalars(query.order_by(Organ.id.desc()).limit(most))]


ORGANS = SearchKind("organ", "机构", load_organs, organ_keys, titled=titled_organs)


class OrganEditor:
    """Add, change and remove organs as a feature would: the change and its mark together."""

    def add(self, tenant: Tenant, name: str, **fields) -> str:
        with open_session(Scope.own(tenant)) as session:
            organ = Organ(tenant_id=tenant.id, name=name, **fields)
            session.add(organ)
            session.flush()
            touch(session, "organ", organ.id, tenant.id)
            return str(organ.id)

    def change(self, tenant: Tenant, key: str, **fields) -> None:
        with open_session(Scope.own(tenant)) as session:
            organ = session.get_one(Organ, int(key))
            for name, value in fields.items():
                setattr(organ, name, value)
            touch(session, "organ", key, tenant.id)

    def remove(self, tenant: Tenant, key: str) -> None:
        with open_session(Scope.own(tenant)) as session:
            session.delete(session.get_one(Organ, int(key)))
            touch(session, "organ", key, tenant.id)
