"""Staff pages of acts on many publications: choose, look, do, and what became of each row."""

from collections.abc import Mapping, Sequence
from typing import Any

from flask import Blueprint, redirect, render_template
from flask_babel import gettext as _
from sqlalchemy import select
from werkzeug.wrappers import Response

from core.accounts.access import staff_page
from core.bounds import MOST_DIGITS
from core.catalog.item_titles import load_item_titles
from core.db.scope import Reach
from core.errors import Invalid, NotFound
from core.jobs.queue import is_worker_running
from core.permissions import Action, reaches_down
from core.publishing.batches.models import BatchRow, BatchState, PublicationBatch
from core.publishing.batches.service import (
    MOST_ROWS,
    count_outcomes,
    load_batch,
    resume,
    start_batch,
)
from core.publishing.console.managing.bulk_forms import (
    ACT_LABELS,
    CONFIRMED,
    EXPORT,
    REASONED,
    BulkActForm,
    BulkChoiceForm,
)
from core.publishing.console.managing.exports import send_list
from core.publishing.console.managing.filters import read_filters
from core.publishing.console.managing.listing import TABS, select_publications
from core.publishing.console.managing.owners import name_owners
from core.publishing.console.managing.places import ListedPlaces, find_places, is_listed
from core.publishing.labels import CHECK_LABELS, GROUND_LABELS
from core.publishing.models import Publication
from core.publishing.reviewing.queue import without_text
from core.publishing.vocabulary import genres_for
from core.tenancy.service import publishing_organs
from core.web import params
from core.web.context import Context
from core.web.paging import paginate
from core.web.urls import tenant_url

blueprint = Blueprint("publishing_bulk", "core.publishing", template_folder="templates")
ROWS_ON_A_PAGE = 50


@blueprint.post("/<code>/console/publications/bulk/")
@staff_page(Action.READ_DRAFTS, reach=Reach.SUBTREE, per_organ=True)
def choose(ctx: Context) -> Any:
    """Show what was chosen and what the act needs; nothing is done yet, but a file is sent."""
    values = BulkChoiceForm.read().require()
    rows = _find_chosen(ctx, values)
    if values["bulk"] == EXPORT:
        return send_list(ctx, rows)
    return _act_page(ctx, values["bulk"], rows, {}, {})


def _find_chosen(ctx: Context, values: Mapping[str, Any]) -> Sequence[Publication]:
    """Find the publications that were chosen; raises `Invalid` for none, and for too many."""
    if values["which"] == "every":
        filters = read_filters()
        places = find_places(ctx, filters.place)
        query = select_publications(ctx, places, params.word("tab", TABS, "all"), filters)
        rows = ctx.session.scalars(query.limit(MOST_ROWS + 1)).all()
    else:
        rows = _load_rows(ctx, values["row" if values["which"] == "ticked" else "shown"])
    if not rows:
        raise Invalid({"which": _("Tick at least one publication of the list.")})
    if len(rows) > MOST_ROWS:
        message = _("More than %(n)s match. Narrow the list, then do one part after the other.",
                    n=MOST_ROWS)  # fmt: skip
        raise Invalid({"which": message})
    return rows


def _load_rows(ctx: Context, ids: Sequence[int]) -> Sequence[Publication]:
    """Load those of the publications that the person may read, in this order."""
    deep = reaches_down(ctx.actor, Action.READ_DRAFTS, ctx.tenant)
    query = select(Publication).options(*without_text())
    query = query.where(
        Publication.id.in_(ids[: MOST_ROWS + 1]), is_listed(ctx, ListedPlaces(ctx.tenant, deep))
    )
    found = {row.id: row for row in ctx.session.scalars(query)}
    return [found[each] for each in ids if each in found]


def _act_page(
    ctx: Context,
    act: str,
    rows: Sequence[Publication],
    typed: Mapping[str, Any],
    errors: Mapping[str, str],
) -> str:
    return render_template(
        "publishing/console/bulk.html",
        act=act,
        label=ACT_LABELS[act],
        rows=rows,
        typed=typed,
        errors=errors,
        reasoned=act in REASONED,
        confirmed=act in CONFIRMED,
        grounds=[{"value": key, "label": label} for key, label in GROUND_LABELS.items()],
        checks=[{"value": key, "label": label} for key, label in CHECK_LABELS.items()],
        **(_list_changes(ctx) if act == "change" else {}),
        **name_owners(ctx, rows),
    )


def _list_changes(ctx: Context) -> dict[str, Any]:
    """Return the items, organs and genres that drafts of the place can be changed to."""
    scope = ctx.scope(Action.WRITE_PUBLICATION)
    organs = [organ for organ in publishing_organs(ctx.session, ctx.tenant) if organ.id in scope]
    return {
        "items": load_item_titles(ctx).titles.values(),
        "organ_choices": [{"value": organ.id, "label": organ.name} for organ in organs],
        "genres": [{"value": word, "label": word} for word in genres_for(ctx.tenant.kind)],
    }


@blueprint.post("/<code>/console/publications/bulk/run/")
@staff_page(Action.READ_DRAFTS, reach=Reach.SUBTREE, per_organ=True)
def run(ctx: Context) -> Any:
    """Do it: a few at once, more in the background; then show what became of each row."""
    changes = _list_changes(ctx)
    offered = {name: [option["value"] for option in changes[key]]
               for name, key in (("organ_id", "organ_choices"), ("genre", "genres"))}  # fmt: skip
    form = BulkActForm.read(choices=offered)
    versions = dict(filter(None, map(_read_row, form.values["row"])))
    rows = _load_rows(ctx, list(versions))
    if not rows or not form.values["act"]:
        return redirect(tenant_url("publishing_console.index"))
    errors = dict(form.errors)
    options = _read_options(ctx, form.values, errors)
    if errors:
        return _act_page(ctx, form.values["act"], rows, form.typed, errors), 422
    chosen = [(row, versions[row.id]) for row in rows]
    batch = start_batch(ctx, form.values["act"], chosen, options)
    return redirect(tenant_url("publishing_bulk.show", id=batch.id))


def _read_row(key: str) -> tuple[int, int] | None:
    """Read `id.version`; `None` where it is none."""
    number, _dot, version = key.partition(".")
    if max(len(number), len(version)) > MOST_DIGITS or not (number + version).isdecimal():
        return None
    return (int(number), int(version)) if number and version else None


def _read_options(
    ctx: Context, values: Mapping[str, Any], errors: dict[str, str]
) -> dict[str, Any]:
    """Return what holds for every row; add a message for an item that the catalog has not."""
    act = values["act"]
    if act == "change":
        item_id = load_item_titles(ctx).find(values["item"]) if values["item"] else None
        if values["item"] and item_id is None:
            errors.setdefault("item", _("The catalog has no item of this name."))
        organ_id = int(values["organ_id"]) if values["organ_id"] else None
        return {"item_id": item_id, "organ_id": organ_id, "genre": values["genre"]}
    names = {"pass": ("checks",), "return": ("reason",), "withdraw": ("reason", "ground")}
    return {name: values[name] for name in names.get(act, ())}


@blueprint.get("/<code>/console/publications/bulk/<int:id>/")
@staff_page(Action.READ_DRAFTS, reach=Reach.SUBTREE, batch=load_batch, per_organ=True)
def show(ctx: Context, batch: PublicationBatch) -> Any:
    """Show how far it is, and then what became of each row, refusals first."""
    if batch.act not in ACT_LABELS:
        raise NotFound
    counts = count_outcomes(ctx.session, batch)
    query = select(BatchRow).where(BatchRow.batch_id == batch.id)
    query = query.order_by(BatchRow.outcome != "refused", BatchRow.number)
    page = paginate(ctx.session, query, params.page_number(), ROWS_ON_A_PAGE)
    return render_template(
        "publishing/console/batch.html",
        batch=batch,
        label=ACT_LABELS[batch.act],
        counts=counts,
        total=sum(counts.values()),
        page=page,
        places=_load_places(ctx, page.rows),
        waits=batch.state == BatchState.WAITING,
        failed=batch.state == BatchState.FAILED,
        works=batch.state != BatchState.WAITING or is_worker_running(),
    )


def _load_places(ctx: Context, rows: Sequence[BatchRow]) -> dict[int, Any]:
    """Return the place of each publication of the rows that is still there, by its id."""
    ids = [row.publication_id for row in rows if row.publication_id]
    found = _load_rows(ctx, ids)
    owners = name_owners(ctx, found)["owners"]
    return {row.id: owners[row.tenant_id] for row in found}


@blueprint.post("/<code>/console/publications/bulk/<int:id>/resume/")
@staff_page(Action.READ_DRAFTS, reach=Reach.SUBTREE, batch=load_batch, per_organ=True)
def go_on(ctx: Context, batch: PublicationBatch) -> Response:
    """Go on with a batch that stopped in the middle."""
    resume(ctx, batch)
    return redirect(tenant_url("publishing_bulk.show", id=batch.id))
