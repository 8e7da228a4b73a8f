"""Which place a row of a list belongs to: named by code, township and village, or by a thing."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import Session

from core.db.tree import Tenant, below
from core.tables.lists.columns import ListColumn
from core.tenancy.domain import short_name

# What lists write for the county itself.
_ITSELF = frozenset({"县城", "县级", "县直", "本级", "县本级", "城区", "全县"})


@dataclass(slots=True)
class NamedPlaces:
    """The places that a list may name: the one whose list it is, and all below it."""

    root: Tenant
    by_id: dict[int, Tenant] = field(default_factory=dict)
    by_code: dict[str, Tenant] = field(default_factory=dict)
    by_name: dict[str, list[Tenant]] = field(default_factory=lambda: defaultdict(list))

    def find(self, values: Mapping[str, Any]) -> Tenant:
        """Return the place of a row (`division`, `township`, `village`, `name` of the thing).

        Raises `ValueError` with words for people.
        """
        if code := values.get("division"):
            return self._of_code(str(code))
        township = self._named(values.get("township"), self.root)
        village = self._named(values.get("village"), township)
        return (
            village
            if village is not township
            else self._of_name(values.get("name") or "", township)
        )

    def knows_none(self, townships: set[str]) -> bool:
        """Tell whether a list names townships of which none is a place here."""
        named = townships - _ITSELF
        return bool(named) and not any(self._matches(name, self.root) for name in named)

    def _of_code(self, code: str) -> Tenant:
        short = (code[:length] for length in (12, 9, 6) if not code[length:].strip("0"))
        tenant = next((self.by_code[each] for each in short if each in self.by_code), None)
        if tenant is None:
            raise ValueError(_("There is no such place here: %(name)s", name=code[:30]))
        return tenant

    def _named(self, name: str | None, above: Tenant) -> Tenant:
        if not name or name in _ITSELF or name in {above.name, short_name(above.name)}:
            return above
        found = self._matches(name, above)
        if len(found) > 1:
            raise ValueError(_("Several places have this name: %(name)s", name=name[:30]))
        if not found:
            raise ValueError(_("There is no such place here: %(name)s", name=name[:30]))
        return found[0]

    def _matches(self, name: str, above: Tenant) -> list[Tenant]:
        return [t for t in self.by_name.get(short_name(name), ()) if t.path.startswith(above.path)]

    def _of_name(self, name: str, above: Tenant) -> Tenant:
        """Return the village of the township with whose name a thing's name begins, if one does."""
        for length in range(min(len(name), 12), 2, -1):
            found = [t for t in self.by_name.get(name[:length], ()) if t.parent_id == above.id]
            if len(found) == 1 and found[0].level == "village":
                return found[0]
        return above


def load_named_places(session: Session, root: Tenant) -> NamedPlaces:
    """Load a place and those below it, whether or not a plugin is on there."""
    query = select(Tenant).where(below(root.path), Tenant.status == "active")
    return index_places(root, session.scalars(query).all())


def index_places(root: Tenant, tenants: Sequence[Tenant]) -> NamedPlaces:
    """Index places by code and by the name that people say."""
    places = NamedPlaces(root)
    for tenant in tenants:
        places.by_id[tenant.id] = places.by_code[tenant.division_code] = tenant
        places.by_name[short_name(tenant.name)].append(tenant)
    return places


def place_columns() -> tuple[ListColumn, ...]:
    """Return the columns by which lists name a place: `division`, `township`, `village`."""
    return (
        ListColumn("division", _("Division code"), ("区划代码", "行政区划代码", "division_code")),
        ListColumn("township", _("Township"),
                   ("乡镇", "街道", "乡镇街道", "所属乡镇", "所在乡镇", "所属区域", "区域")),
        ListColumn("village", _("Village"), ("村", "社区", "村社区", "行政村", "所在村")),
    )  # fmt: skip
