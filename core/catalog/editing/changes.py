"""Build changes of a tenant's layer from what a person wants.

Nothing is stored here: the changes go to `review.submit_revision`.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from core.catalog.domain.changes import (
    Change,
    Define,
    DefineDomain,
    Fields,
    JsonValue,
    Lock,
    Refine,
    Withdraw,
    WithdrawDomain,
)
from core.catalog.domain.inheritance import Domain, EffectiveCatalog, EffectiveItem, Source
from core.catalog.domain.matching import find_domain, similar_domains
from core.catalog.effective import effective_catalog
from core.catalog.identifiers import (
    DOMAIN_KEY,
    ITEM_ID,
    LONGEST_KEY,
    build_item_id,
    new_domain_key,
    next_item_number,
)
from core.catalog.schemas import check_domain, check_fields, complete_fields, to_definition
from core.db.tree import Tenant
from core.errors import Invalid, NotFound
from core.tenancy.domain import KINDS, ORDER, Level


def get_item(catalog: EffectiveCatalog, item_id: str) -> EffectiveItem:
    """Return an item of the catalog; raises `NotFound`, saying so if it was withdrawn."""
    item = catalog.items.get(item_id)
    if item is not None:
        return item
    gone = catalog.withdrawn.get(item_id)
    message = (
        _(
            "The item %(item)s has been withdrawn by %(code)s.",
            item=item_id,
            code=gone.source.tenant,
        )
        if gone
        else _("There is no item %(item)s in this catalog.", item=item_id)
    )
    raise NotFound(message, where=item_id)


def get_domain(catalog: EffectiveCatalog, name: str) -> Domain:
    """Return the domain with this key, name, title or alias; raises `NotFound`."""
    domain = find_domain(catalog.domains, name)
    if domain is None:
        raise NotFound(_("There is no domain %(name)s.", name=name), where=name)
    return domain


def base_for(item: EffectiveItem, name: str, tenant: Tenant) -> JsonValue:
    """Return the upstream value that a refinement by this tenant would be based on."""
    own = item.origin(name).tenant == tenant.division_code
    return item.upstream(name) if own and name in item.refinements else item.fields.get(name)


def build_refinements(
    session: Session,
    tenant: Tenant,
    item_id: str,
    values: Mapping[str, Any],
    *,
    kinds: Collection[str] = (),
) -> list[Change]:
    """Build changes that give fields of an item these values; equal values are left out."""
    catalog = effective_catalog(session, tenant).catalog
    item = get_item(catalog, item_id)
    limited = check_kinds(tenant, kinds)
    checked = dict(check_fields(values))
    if checked.get("domain") is not None:
        checked["domain"] = get_domain(catalog, str(checked["domain"])).key
    return [
        Refine(item.item_id, name, value, base_for(item, name, tenant), kinds=limited)
        for name, value in checked.items()
        if limited or value != item.fields.get(name)
    ]


def build_locks(
    session: Session,
    tenant: Tenant,
    item_id: str,
    names: Iterable[str],
    *,
    kinds: Collection[str] = (),
) -> list[Change]:
    """Build changes that lock fields of an item; those already locked are left out."""
    item = get_item(effective_catalog(session, tenant).catalog, item_id)
    limited = check_kinds(tenant, kinds)
    return [Lock(item_id, name, kinds=limited) for name in names if name not in item.locked]


def build_withdrawal(
    session: Session, tenant: Tenant, item_id: str, *, kinds: Collection[str] = ()
) -> list[Change]:
    """Build the change that withdraws an item here and below."""
    get_item(effective_catalog(session, tenant).catalog, item_id)
    return [Withdraw(item_id, kinds=check_kinds(tenant, kinds))]


def build_domain_withdrawal(
    session: Session, tenant: Tenant, name: str, *, kinds: Collection[str] = ()
) -> list[Change]:
    """Build the change that declares a domain not applicable here and below."""
    catalog = effective_catalog(session, tenant).catalog
    domain = get_domain(catalog, name)
    if domain.key in catalog.not_applicable:
        message = _("The domain %(name)s is not applicable here already.", name=domain.name)
        raise Invalid(message, where=name)
    return [WithdrawDomain(domain.key, kinds=check_kinds(tenant, kinds))]


def build_definitions(
    session: Session,
    tenant: Tenant,
    items: Sequence[Mapping[str, Any]],
    domains: Sequence[Mapping[str, Any]] = (),
    *,
    kinds: Collection[str] = (),
) -> list[Change]:
    """Build changes that define new domains and items, with new ids.

    An item names its domain by key or name. A name that no domain bears opens a new one, unless
    it looks like that of an existing domain: then it is a slip, and `Invalid` says so.
    """
    writer = DefinitionWriter(session, tenant, check_kinds(tenant, kinds))
    for domain in domains:
        writer.add_domain(domain)
    for item in items:
        writer.add_item(item)
    return writer.changes


def check_kinds(tenant: Tenant, kinds: Collection[str]) -> frozenset[str]:
    """Return the kinds as a set; raises `Invalid` for one that cannot occur here or below."""
    possible = {
        kind for level in ORDER[ORDER.index(Level(tenant.level)) :] for kind in KINDS[level]
    }
    unknown = sorted(set(kinds) - possible)
    if unknown:
        message = _(
            "%(kind)s is no kind of tenant below. Kinds: %(kinds)s.",
            kind=unknown[0],
            kinds=", ".join(sorted(possible)),
        )
        raise Invalid({"kind": message})
    return frozenset(kinds)


class DefinitionWriter:
    """Collects the changes that define domains and items, and allocates their keys and ids."""

    def __init__(
        self, session: Session, tenant: Tenant, kinds: frozenset[str] = frozenset()
    ) -> None:
        self.changes: list[Change] = []
        self._session = session
        self._tenant = tenant
        self._kinds = kinds
        self._catalog = effective_catalog(session, tenant).catalog
        self.domains: dict[str, Domain] = dict(self._catalog.domains)
        self._numbers: dict[str, int] = {}
        self._given: set[str] = set()

    def add_domain(self, values: Mapping[str, Any]) -> str:
        """Define a domain from its name (and key, title, aliases, order); return its key."""
        values = check_domain(values)
        name: str = values["name"]
        if not name:
            raise Invalid({"name": _("A domain needs a name.")})
        key: str = values.get("key") or new_domain_key(name, self.domains)
        if len(key) > LONGEST_KEY or not DOMAIN_KEY.fullmatch(key):
            message = _("A key has small letters, digits and hyphens: %(key)s.", key=key)
            raise Invalid({"key": message})
        change = DefineDomain(
            key,
            name,
            values.get("title"),
            tuple(values.get("aliases") or ()),
            values.get("order") or 0,
            kinds=self._kinds,
        )
        self.changes.append(change)
        return self._know(change)

    def add_item(self, values: Mapping[str, Any]) -> str:
        """Define an item; return its id (given, or the next free one)."""
        fields = to_definition(values)
        given_id = fields.pop("item_id", None)
        key = self.domain_key(str(fields.get("domain") or ""))
        checked = complete_fields({**fields, "domain": key})
        return self.add_checked(key, checked, given_id)

    def add_checked(self, key: str, fields: Fields, given_id: object = None) -> str:
        """Define an item from validated fields of a known domain; return its id."""
        item_id = str(given_id) if given_id else self._next_id(key)
        if not ITEM_ID.fullmatch(item_id):
            message = _("%(item)s cannot be an item id.", item=item_id)
            raise Invalid({"item_id": message})
        if item_id in self._given:
            raise Invalid({"item_id": _("The item %(item)s stands here twice.", item=item_id)})
        self._given.add(item_id)
        self.changes.append(Define(item_id, fields, kinds=self._kinds))
        return item_id

    def domain_key(self, name: str) -> str:
        """Return the key of the named domain; define a new one if none is similar."""
        if not name.strip():
            raise Invalid({"domain": _("Name the domain of the item.")})
        known = find_domain(self.domains, name)
        if known is not None:
            return known.key
        alike = similar_domains(self.domains, name)
        if alike or name.isascii():
            message = _("There is no domain %(name)s.", name=name)
            if alike:
                message += " " + _("Did you mean %(name)s?", name=alike[0].name)
            raise Invalid({"domain": message})
        return self.add_domain({"name": name})

    def _know(self, change: DefineDomain) -> str:
        source = Source(self._tenant.division_code, 0)
        self.domains[change.key] = Domain(
            change.key, change.name, change.title, change.aliases, change.order, source
        )
        return change.key

    def _next_id(self, key: str) -> str:
        if key not in self._numbers:
            self._numbers[key] = next_item_number(self._session, self._tenant, key)
        while build_item_id(self._tenant, key, self._numbers[key]) in self._given:
            self._numbers[key] += 1
        number = self._numbers[key]
        self._numbers[key] += 1
        return build_item_id(self._tenant, key, number)
