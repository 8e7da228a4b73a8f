"""What the disclosure guide says about the office in charge (article 12 of the regulation)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Any

from core.db.tree import Tenant


@dataclass(frozen=True, slots=True)
class DisclosureGuide:
    """The office that answers for disclosure, from `profile["guide"]`; empty is not known."""

    office: str = ""
    address: str = ""
    hours: str = ""
    phone: str = ""
    fax: str = ""
    email: str = ""
    reading_places: Sequence[str] = ()
    request_ways: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class DisclosureRule:
    """A rule of the place's own for disclosure (制度), from `profile["rules"]`."""

    name: str
    document_number: str = ""
    date: str = ""
    summary: str = ""


def find_guide(chain: Sequence[Tenant]) -> DisclosureGuide:
    """Return the guide of the lowest tenant of a chain (county first) that has written its own."""
    for tenant in reversed(chain):
        entered: Mapping[str, Any] = tenant.profile.get("guide") or {}
        if entered.get("office"):
            return DisclosureGuide(**_known(DisclosureGuide, entered))
    return DisclosureGuide()


def list_rules(chain: Sequence[Tenant]) -> list[DisclosureRule]:
    """List the rules that hold at the end of a chain, the lowest tenant's own first."""
    entered = [rule for tenant in reversed(chain) for rule in tenant.profile.get("rules") or ()]
    return [DisclosureRule(**_known(DisclosureRule, rule)) for rule in entered if rule.get("name")]


def _known(kind: type, entered: Mapping[str, Any]) -> dict[str, Any]:
    """Pick what a pack entered of the fields that this version knows."""
    names = {field.name for field in fields(kind)}
    return {key: value for key, value in entered.items() if key in names}
