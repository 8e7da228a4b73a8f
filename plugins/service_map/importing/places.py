"""Which place a row of a list belongs to: named by code, township and village, or by the point."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.sdk import Tenant, below, short_name

from ..i18n import _

# What lists write for the county itself.
ITSELF = frozenset({"县城", "县级", "县直", "本级", "县本级", "城区", "全县"})


@dataclass(slots=True)
class Places:
    """The places of an import: the one that imports, and all below it."""

    root: Tenant
    by_id: dict[int, Tenant] = field(default_factory=dict)
    by_code: dict[str, Tenant] = field(default_factory=dict)
    by_name: dict[str, list[Tenant]] = field(default_factory=lambda: defaultdict(list))

    def find(self, values: Mapping[str, Any]) -> Tenant:
        """Return the place of a row; raises `ValueError` with words for people."""
        if code := values.get("division"):
            return self._by_code(str(code))
        township = self._named(values.get("township"), self.root)
        village = self._named(values.get("village"), township)
        return village if village is not township else self._of_name(values["name"], township)

    def knows(self, township: str) -> bool:
        """Tell whether a list's word for a township names a place here."""
        return bool(self._matches(township, self.root))

    def _by_code(self, code: str) -> Tenant:
        short = (code[:length] for length in (12, 9, 6) if not code[length:].strip("0"))
        tenant = next((self.by_code[each] for each in short if each in self.by_code), None)
        if tenant is None:
            raise ValueError(_("There is no such place here: %(name)s", name=code[:30]))
        return tenant

    def _named(self, name: str | None, above: Tenant) -> Tenant:
        if not name or name in ITSELF or name in {above.name, short_name(above.name)}:
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
        """Return the village of the township whose name a point's name begins with, if one does."""
        for length in range(min(len(name), 12), 2, -1):
            found = [t for t in self.by_name.get(name[:length], ()) if t.parent_id == above.id]
            if len(found) == 1 and found[0].level == "village":
                return found[0]
        return above


def load_places(session: Session, root: Tenant) -> Places:
    """Load the place that imports and those below it.

    Where the plugin is off its points are kept, and shown once it is on.
    """
    query = select(Tenant).where(below(root.path), Tenant.status == "active")
    return build_places(root, session.scalars(query).all())


def build_places(root: Tenant, tenants: Sequence[Tenant]) -> Places:
    """Index places by code and by the name that people say."""
    places = Places(root)
    for tenant in tenants:
        places.by_id[tenant.id] = places.by_code[tenant.division_code] = tenant
        places.by_name[short_name(tenant.name)].append(tenant)
    return places
