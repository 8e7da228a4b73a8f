"""Confirm pairs in bulk, take them back with a reason, undo that; say what must agree."""

from collections.abc import Iterable, Mapping
from decimal import Decimal, InvalidOperation

from core import sdk
from core.sdk import Context, ItemLink

from ..labels import _
from ..models.sync import PairHistory, PairRule
from .queries import Pair, find_kind, load_kinds, load_rules


def confirm(ctx: Context, pairs: Iterable[Pair]) -> int:
    """Confirm pairs; the organ of the government's matter decides (`Forbidden`)."""
    count = 0
    for village_item, government_item in pairs:
        sdk.link_items(ctx.session, ctx.actor, ctx.tenant, village_item, government_item)
        _add_history(ctx, (village_item, government_item), "confirmed")
        count += 1
    return count


def remove(ctx: Context, link: ItemLink, reason: str) -> None:
    """Take a pair back, with a reason; its comparisons end with the next run."""
    sdk.decide_link(ctx.session, ctx.actor, ctx.tenant, link, state="rejected", reason=reason)
    _add_history(ctx, (link.village_item, link.government_item), "removed", reason)


def restore(ctx: Context, link: ItemLink) -> None:
    """Undo that a pair was taken back."""
    sdk.decide_link(ctx.session, ctx.actor, ctx.tenant, link, state="confirmed")
    _add_history(ctx, (link.village_item, link.government_item), "restored")


def set_facts(ctx: Context, link: ItemLink, kind: str, tolerances: Mapping[str, str]) -> None:
    """Say of which kind a pair is and which facts must agree; raises `Invalid` at their fields.

    Another kind begins with its own facts and tolerances.
    """
    rules = load_rules(ctx.session, ctx.tenant)
    items = sdk.effective_catalog(ctx.session, ctx.tenant).catalog.items
    now = find_kind(link, rules, items)
    rule = rules.get((link.village_item, link.government_item))
    if rule is None:
        rule = PairRule(
            tenant_id=ctx.tenant.id,
            village_item=link.village_item,
            government_item=link.government_item,
        )
        ctx.session.add(rule)
    rule.kind = load_kinds().get_kind(kind).key
    rule.tolerances = _check_tolerances(tolerances) if rule.kind == now.key else None
    ctx.session.flush()
    _add_history(ctx, (link.village_item, link.government_item), "facts")


def _check_tolerances(tolerances: Mapping[str, str]) -> dict[str, str]:
    if not tolerances:
        raise sdk.Invalid({"facts": _("Choose at least one fact.")})
    checked, wrong = {}, {}
    for key, typed in tolerances.items():
        try:
            number = Decimal(typed.strip() or "0")
        except InvalidOperation:
            number = Decimal(-1)
        if number.is_finite() and number >= 0:
            checked[key] = str(number)
        else:
            wrong[f"tolerance-{key}"] = _("Enter a number that is not negative.")
    if wrong:
        raise sdk.Invalid(wrong)
    return checked


def _add_history(ctx: Context, pair: Pair, act: str, reason: str = "") -> None:
    ctx.session.add(
        PairHistory(
            tenant_id=ctx.tenant.id,
            village_item=pair[0],
            government_item=pair[1],
            act=act,
            reason=reason,
            actor_id=ctx.actor.user_id,
            actor_name=ctx.actor.name,
        )
    )
    ctx.audit(f"village_sync.{act}", " ".join(pair))
