"""Look up what lines refer to (tenants, organs, items, policies), each once per import."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import select, tuple_
from sqlalchemy.orm import Session

from core.catalog.domain.inheritance import EffectiveCatalog
from core.catalog.domain.matching import find_domain
from core.catalog.effective import effective_catalog
from core.clock import first_moment, zone
from core.db.tree import Tenant, below
from core.errors import Invalid
from core.privacy.domain.findings import Rules
from core.publishing.content import Content
from core.publishing.guard.settings.rules import load_rules
from core.publishing.importing.lines import ImportLine
from core.publishing.models import Publication
from core.tenancy.domain import standing_organ
from core.tenancy.models import Organ


class Lookup:
    """Cache of one import, for one tenant and those below it."""

    def __init__(self, session: Session, root: Tenant, *, makes_organs: bool = True) -> None:
        self._session = session
        self._makes_organs = makes_organs
        self.root = root
        query = select(Tenant).where(below(root.path))
        self._tenants = {tenant.division_code: tenant for tenant in session.scalars(query)}
        self._organs: dict[tuple[int, str], Organ] = {}
        self._catalogs: dict[int, EffectiveCatalog] = {}
        self._rules: dict[tuple[int, str | None], Rules] = {}

    def tenant(self, line: ImportLine) -> Tenant:
        """Return the tenant of a line; raises `Invalid` unless it is the root or below it."""
        code = line.values.get("tenant")
        if not code:
            return self.root
        tenant = self._tenants.get(code)
        if tenant is None or not tenant.has_portal:
            raise Invalid(
                _("tenant: %(code)s is not %(root)s or below it", code=code, root=self._root_code)
            )
        return tenant

    @property
    def _root_code(self) -> str:
        return self.root.division_code

    def load_organs(self, wanted: Iterable[tuple[Tenant, str]]) -> None:
        """Find or create the organs of a batch, for `organ`."""
        missing = {(t.id, name): t for t, name in wanted if (t.id, name) not in self._organs}
        if not missing:
            return
        query = select(Organ).where(tuple_(Organ.tenant_id, Organ.name).in_(list(missing)))
        for organ in self._session.scalars(query):
            self._organs[organ.tenant_id, organ.name] = organ
        made = [
            Organ(tenant_id=tenant.id, name=name, kind=organ_kind(tenant, name))
            for (_id, name), tenant in missing.items()
            if self._makes_organs and (tenant.id, name) not in self._organs
        ]
        self._session.add_all(made)
        self._session.flush()  # publications name their ids
        self._organs |= {(organ.tenant_id, organ.name): organ for organ in made}

    def forget_organs(self) -> None:
        """Look organs up again: those that were new may not have been stored."""
        self._organs.clear()

    def organ(self, tenant: Tenant, line: ImportLine) -> Organ:
        """Return the organ that publishes a line; raises `Invalid` where there is none."""
        name = organ_name(tenant, line)
        organ = self._organs.get((tenant.id, name))
        if organ is None:
            raise Invalid(_("publisher: there is no organ “%(name)s” here", name=name))
        return organ

    def rules(self, tenant: Tenant, item_id: str | None) -> Rules:
        """Return the tenant's rules for personal data in what serves an item."""
        key = (tenant.id, item_id)
        if key not in self._rules:
            self._rules[key] = load_rules(self._session, tenant, item_id)
        return self._rules[key]

    def catalog(self, tenant: Tenant) -> EffectiveCatalog:
        """Return the tenant's effective catalog."""
        if tenant.id not in self._catalogs:
            self._catalogs[tenant.id] = effective_catalog(self._session, tenant).catalog
        return self._catalogs[tenant.id]

    def placed(self, tenant: Tenant, line: ImportLine, before: Content) -> dict[str, Any]:
        """Return item and domain of a line; raises `Invalid` for an unknown item."""
        catalog = self.catalog(tenant)
        item_id = line.values.get("item_id")
        if item_id:
            item = catalog.items.get(item_id)
            if item is None:
                raise Invalid(_("item_id: the catalog has no item %(id)s", id=item_id))
            return {"item_id": item_id, "domain": item.domain or None, "domain_text": None}
        name = line.values.get("domain")
        if not name or before.item_id:
            return {}
        domain = find_domain(catalog.domains, name)
        if domain is None:
            return {"domain": None, "domain_text": name}
        return {"domain": domain.key, "domain_text": None}

    def existing(self, keys: Sequence[tuple[int, str]]) -> dict[tuple[int, str], Publication]:
        """Return the publications imported before under these tenants and source ids."""
        if not keys:
            return {}
        pair = tuple_(Publication.tenant_id, Publication.source_id)
        rows = self._session.scalars(select(Publication).where(pair.in_(list(keys))))
        return {(row.tenant_id, str(row.source_id)): row for row in rows}

    def numbers_taken(self, keys: Sequence[tuple[int, str]]) -> dict[tuple[int, str], int]:
        """Return which publications hold these index numbers, by tenant and number."""
        if not keys:
            return {}
        pair = tuple_(Publication.tenant_id, Publication.index_number)
        query = select(Publication.tenant_id, Publication.index_number, Publication.id)
        rows = self._session.execute(query.where(pair.in_(list(keys))))
        return {(tenant_id, str(number)): id_ for tenant_id, number, id_ in rows}

    def by_source(self, tenant: Tenant, ids: Sequence[str]) -> dict[str, int]:
        """Return the tenant's publications with these source ids: none explains another's."""
        if not ids:
            return {}
        query = select(Publication.source_id, Publication.id).where(
            Publication.source_id.in_(ids), Publication.tenant_id == tenant.id
        )
        return {str(source_id): id_ for source_id, id_ in self._session.execute(query)}


def organ_name(tenant: Tenant, line: ImportLine) -> str:
    """Return the publisher of a line, by default the body that every place has."""
    return line.values.get("publisher") or standing_organ(tenant.kind, tenant.name)[0]


def organ_kind(tenant: Tenant, name: str) -> str:
    """Guess the kind of an organ from its name and place."""
    standing, kind = standing_organ(tenant.kind, tenant.name)
    if name == standing:
        return kind
    if tenant.level == "village":
        return "supervision" if "监督" in name else "committee"
    return "government" if name.endswith(("人民政府", "街道办事处")) else "department"


# Key of a line → attribute of the content, where nothing has to be looked up.
_PLAIN: Mapping[str, str] = {
    "title": "title",
    "summary": "summary",
    "genre": "genre",
    "theme": "theme",
    "source": "source",
    "doc_no": "document_number",
    "index_no": "index_number",
    "written_date": "formed_on",
    "issued_date": "issued_on",
    "status": "validity",
    "publicity_days": "publicity_days",
    "publicity_day_kind": "publicity_day_kind",
    "list": "list_data",
}
_NULLABLE = frozenset({"document_number", "index_number"})


def plain_values(line: ImportLine) -> dict[str, Any]:
    """Return the values of a line that need no look-up."""
    values = {
        attribute: (line.values[key] or None) if attribute in _NULLABLE else line.values[key]
        for key, attribute in _PLAIN.items()
        if key in line.values
    }
    values["body_source"] = line.body
    published = line.values.get("publish_date")
    if published is not None:
        values["published_at"] = _moment(published)
    return values


def _moment(value: date | datetime) -> datetime:
    if not isinstance(value, datetime):
        return first_moment(value)
    return value if value.tzinfo else value.replace(tzinfo=zone())
