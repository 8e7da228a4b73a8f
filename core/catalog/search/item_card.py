"""Answer card of a catalog item: the office in charge, its phone and opening hours."""

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

from flask_babel import gettext as _
from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from core.catalog.search.documents import KIND
from core.db.reading import read_named_rows
from core.db.tree import Tenant
from core.plugins.api.contributions import AnswerCard
from core.tenancy.models import Organ
from core.web.urls import tenant_url

if TYPE_CHECKING:
    from core.search.answer_cards import AnsweredQuery

MOST_OFFICES = 2
# The item that says how a matter is dealt with, before those about its rules and results.
_GUIDES = ("办事指南", "服务指南", "申请", "办理")
_BETWEEN = re.compile(r"[;;、,,\n/]+")
_ENDINGS = re.compile(r"(?:主管)?(?:部门|机构|单位|局|办公室|委员会|中心|站|所)$")
_BESIDE = re.compile(r"[((].*?[))]")
_PLACES = re.compile(r"^(?:县级以上|各级|各?[省市县区]级?|基层|本级|当地)")
_GOVERNMENT = re.compile(r"([乡镇县])人民政府$|街道办事处$")


_ORGANS = (
    select(
        Organ.id,
        Organ.tenant_id,
        Organ.name,
        Organ.short_name,
        Organ.phone,
        Organ.hours,
        Organ.address,
    )
    .where(Organ.tenant_id.in_(bindparam("chain", expanding=True)))
    .order_by(Organ.id)
)


def office_cards(
    session: Session, tenant: Tenant, question: "AnsweredQuery"
) -> Iterator[AnswerCard]:
    """Yield an answer card with the known offices if the question names an item."""
    named = [d for d in question.documents if d.kind == KIND and question.names(d)]
    if not named:
        return
    item = min(named, key=lambda document: not any(word in document.title for word in _GUIDES))
    offices = offices_named(item.organ, _organs(session, tenant))[:MOST_OFFICES]
    if offices:
        yield AnswerCard(
            key="catalog-item",
            title=item.title,
            url=tenant_url("catalog.item", tenant, item_id=item.source_id or ""),
            lines=tuple(line for office in offices for line in _lines(office)),
            tag=_("Where to go"),
        )


def _organs(session: Session, tenant: Tenant) -> list[Organ]:
    """List the organs of the tenant and of those above it, the nearest first."""
    distance = {place: -position for position, place in enumerate(tenant.chain)}
    organs = read_named_rows(session, _ORGANS, {"chain": tenant.chain})
    return sorted(organs, key=lambda organ: distance[organ.tenant_id])


def offices_named(named: str, organs: Sequence[Organ]) -> list[Organ]:
    """Find organs that a catalog text names, by name or by subject (民政部门: 某县民政局).

    Only those with a phone or an address are of use to somebody who asks.
    """
    useful = [organ for organ in organs if organ.phone or organ.address]
    found: dict[int, Organ] = {}
    for part in filter(None, (text.strip() for text in _BETWEEN.split(_BESIDE.sub("", named)))):
        match = next((organ for organ in useful if _means(part, organ)), None)
        if match is not None:
            found[match.id] = match
    return list(found.values())


def _means(part: str, organ: Organ) -> bool:
    if part in {organ.name, organ.short_name}:
        return True
    if government := _GOVERNMENT.search(organ.name):
        return "政府" in part and (government[1] or "镇") in part
    matter = _PLACES.sub("", _ENDINGS.sub("", part))
    return len(matter) > 1 and matter in organ.name and _is_generic(part)


def _is_generic(part: str) -> bool:
    """Return whether a text names no organ of its own: 县级民政部门, unlike 甲县民政局."""
    return part.endswith(("部门", "机构", "单位")) or _PLACES.match(part) is not None


def _lines(organ: Organ) -> Iterable[str]:
    yield organ.name
    if organ.phone:
        yield _("Phone: %(phone)s", phone=organ.phone)
    if organ.hours:
        yield _("Hours: %(hours)s", hours=organ.hours)
    if organ.address:
        yield _("Address: %(address)s", address=organ.address)
