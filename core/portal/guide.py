"""What the disclosure guide says about the office in charge (article 12 of the regulation)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Any

from core.db.tree import Tenant


@dataclass(frozen=True, slots=True)
class Guide:
    """The office that answers for disclosure, from `profile["guide"]`; empty is not known."""

    office: str = ""
    address: str = ""
    hours: str = ""
    phone: str = ""
    fax: str = ""
    email: str = ""
    reading_places: Sequence[str] = ()


def guide_of(chain: Sequence[Tenant]) -> Guide:
    """The guide of the lowest tenant of a chain (county first) that has written its own."""
    for tenant in reversed(chain):
        entered: Mapping[str, Any] = tenant.profile.get("guide") or {}
        if entered.get("office"):
            known = {field.name for field in fields(Guide)}
            return Guide(**{key: value for key, value in entered.items() if key in known})
    return Guide()
