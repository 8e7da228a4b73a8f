"""Staff pages of pairs: confirmed and suggested ones, in bulk; one with its facts and history."""

from typing import Any

from core import sdk
from core.sdk import Context, Form, FormData, ItemLink, PluginBlueprint, fields

from ..comparing.jobs import JOB
from ..domain.kinds import PairKind
from ..labels import _l, _n
from ..manifest import MANIFEST
from ..pairs import queries, service
from ..pairs.suggestions import list_suggestions
from .pages import PAIR, PAIRS, pair_list, pair_page, render, to

blueprint = PluginBlueprint(MANIFEST, __name__, part="pairs")
LONGEST_REASON = 300


class ConfirmForm(Form):
    """Which suggested pairs are confirmed."""

    chosen = fields.TickedField(500, required=_l("Tick at least one pair."))


class RemoveForm(Form):
    """Why a pair is taken back."""

    reason = fields.LineField(LONGEST_REASON, required=_l("Say why."))


def build_facts_form(kind: PairKind) -> type[Form]:
    """Return the form of a pair: its kind, and for each fact whether and how near it must agree."""
    kinds = queries.load_kinds()
    extra: dict[str, Any] = {
        "kind": fields.ChoiceField([each.key for each in (*kinds.kinds, kinds.general)]),
        "facts": fields.TickedField(40),
    }
    for fact in kind.facts:
        extra[f"tolerance-{fact.key}"] = fields.LineField(20)
    return Form.extend(extra)


@blueprint.get(PAIRS)
@pair_list
def index(ctx: Context) -> str:
    """List confirmed pairs, suggestions, and what was taken back."""
    return _list_page(ctx, sdk.blank_form())


@blueprint.post(PAIRS)
@pair_list
def confirm(ctx: Context) -> Any:
    """Confirm the ticked suggestions."""
    form = ConfirmForm.read()
    offered = {each.key: each for each in list_suggestions(ctx)}
    chosen = [offered[key] for key in form.values["chosen"] or () if key in offered]
    pairs = [(each.village_item, each.government_item) for each in chosen]

    def act() -> None:
        service.confirm(ctx, pairs)
        _compare(ctx)

    return sdk.take_form(
        ctx,
        form,
        act,
        again=lambda again: _list_page(ctx, again),
        then=lambda: to("pairs.index"),
        field="chosen",
        said=_n("%(num)s pair confirmed.", "%(num)s pairs confirmed.", len(pairs)),
    )


@blueprint.get(PAIR)
@pair_page
def show(ctx: Context, link: ItemLink) -> str:
    """Show what of a pair must agree, and what was decided on it."""
    return _pair_page(ctx, link, None)


@blueprint.post(PAIR)
@pair_page
def save(ctx: Context, link: ItemLink) -> Any:
    """Keep the kind of a pair and what must agree."""
    kind = _find_kind(ctx, link)
    sdk.require_version(sdk.shown_version(_to_typed(kind)))
    form = build_facts_form(queries.load_kinds().get_kind(kind.key)).read()
    tolerances = {key: form.values.get(f"tolerance-{key}", "") for key in form.values["facts"]}

    def act() -> None:
        service.set_facts(ctx, link, form.values["kind"] or kind.key, tolerances)
        _compare(ctx)

    return _take(ctx, link, form, act)


@blueprint.post(f"{PAIR}remove/")
@pair_page
def remove(ctx: Context, link: ItemLink) -> Any:
    """Take a pair back, with a reason."""
    form = RemoveForm.read()

    def act() -> None:
        service.remove(ctx, link, form.values["reason"])
        _compare(ctx)

    return _take(ctx, link, form, act)


@blueprint.post(f"{PAIR}restore/")
@pair_page
def restore(ctx: Context, link: ItemLink) -> Any:
    """Undo that a pair was taken back."""

    def act() -> None:
        service.restore(ctx, link)
        _compare(ctx)

    return _take(ctx, link, sdk.blank_form(), act)


def _compare(ctx: Context) -> None:
    """Have the lists compared once this is stored."""
    sdk.after_commit(ctx.session, sdk.enqueue, JOB)


def _take(ctx: Context, link: ItemLink, form: FormData, act: Any) -> Any:
    return sdk.take_form(
        ctx,
        form,
        act,
        again=lambda again: _pair_page(ctx, link, again),
        then=lambda: to("pairs.show", link_id=link.id),
        field="reason",
    )


def _list_page(ctx: Context, form: FormData) -> str:
    links = sdk.list_links(ctx.session, ctx.tenant)
    items = sdk.effective_catalog(ctx.session, ctx.tenant).catalog.items
    rules = queries.load_rules(ctx.session, ctx.tenant)
    return render(
        "pairs/index",
        form,
        confirmed=[
            (link, queries.find_kind(link, rules, items))
            for link in links
            if link.state == "confirmed"
        ],
        removed=[link for link in links if link.state == "rejected"],
        suggestions=list_suggestions(ctx),
        say=lambda item_id: queries.say_item(items, item_id),
    )


def _find_kind(ctx: Context, link: ItemLink) -> PairKind:
    rules = queries.load_rules(ctx.session, ctx.tenant)
    items = sdk.effective_catalog(ctx.session, ctx.tenant).catalog.items
    return queries.find_kind(link, rules, items)


def _pair_page(ctx: Context, link: ItemLink, form: FormData | None) -> str:
    kinds, kind = queries.load_kinds(), _find_kind(ctx, link)
    whole = kinds.get_kind(kind.key)
    if form is None or "facts" not in form.typed:
        typed = _to_typed(kind) | (form.typed if form else {})
        form = FormData({}, form.errors if form else {}, typed)
    pair = link.village_item, link.government_item
    items = sdk.effective_catalog(ctx.session, ctx.tenant).catalog.items
    return render(
        "pairs/show",
        form,
        link=link,
        kind=whole,
        kinds=[{"value": each.key, "label": each.name} for each in (*kinds.kinds, kinds.general)],
        history=queries.list_history(ctx.session, ctx.tenant, pair),
        say=lambda item_id: queries.say_item(items, item_id),
        version=sdk.shown_version(_to_typed(kind)),
    )


def _to_typed(kind: PairKind) -> dict[str, Any]:
    """Return what the form of a pair shows."""
    tolerances = {f"tolerance-{fact.key}": str(fact.tolerance) for fact in kind.facts}
    return {"kind": kind.key, "facts": [fact.key for fact in kind.facts]} | tolerances
