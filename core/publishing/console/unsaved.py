"""Autosave of the form of a publication, what it offers again, and deleted drafts brought back."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from flask import Blueprint, flash, jsonify, redirect, request
from flask_babel import gettext as _
from flask_wtf.csrf import generate_csrf
from werkzeug.wrappers import Response

from core.accounts.access import staff_page
from core.bounds import MOST_DIGITS
from core.clock import stamp
from core.errors import NotFound, Overtaken
from core.permissions import Action
from core.publishing.body.convert import LONGEST_BODY, to_html, to_text
from core.publishing.console.forms import PublicationForm
from core.publishing.editing.discarded import load_discarded, restore_draft
from core.publishing.editing.models import DiscardedDraft, UnsavedWork
from core.publishing.editing.unsaved import (
    TypedWork,
    build_form_key,
    drop_work,
    find_work,
    keep_work,
    list_others,
    list_own_work,
)
from core.publishing.labels import FIELD_LABELS
from core.publishing.models import Publication
from core.publishing.records.form import RecordsForm
from core.publishing.records.labels import RECORD_FIELD_LABELS
from core.web import params, rate_limit
from core.web.context import Context
from core.web.forms.fields import LineField, NumberField
from core.web.forms.form import Form
from core.web.urls import tenant_url

blueprint = Blueprint("publishing_unsaved", "core.publishing", template_folder="templates")

MOST_KEPT = 90
_WINDOW = timedelta(minutes=1)
_SHOWN = 2_000
_FIELDS = (*PublicationForm.show({}), *RecordsForm.show({}))
_LABELS = FIELD_LABELS | RECORD_FIELD_LABELS
_MOST = 10**MOST_DIGITS - 1


class WorkForm(Form):
    """What comes along with the fields: which form and device, and what they last knew."""

    form_key = LineField(40)
    publication = NumberField(1, _MOST)
    device = LineField(40)
    device_name = LineField(60)
    based_on = NumberField(0, _MOST, default=0)
    seen = NumberField(0, _MOST, default=0)


@dataclass(frozen=True, slots=True)
class OfferedWork:
    """Unsaved work that the form does not show, with what differs: label, shown, unsaved."""

    work: UnsavedWork
    differences: list[tuple[str, str, str]]


@blueprint.post("/<code>/console/publications/unsaved/")
@staff_page(Action.WRITE_PUBLICATION, per_organ=True)
def keep(ctx: Context) -> Any:
    """Keep what was typed; answer when, and who else is at it."""
    if not rate_limit.hit(f"publishing.autosave:{ctx.actor.user_id}", MOST_KEPT, _WINDOW):
        return jsonify({"message": str(_("Saved too often; the next one is in a minute."))}), 429
    values = WorkForm.read().values
    typed = PublicationForm.read().typed | RecordsForm.read().typed
    if len(str(typed.get("body", ""))) > LONGEST_BODY:
        return jsonify({"message": str(_("At most %(n)s characters.", n=LONGEST_BODY))}), 422
    publication = _find_publication(ctx, values["publication"])
    work = TypedWork(
        values["form_key"], typed, values["device"], values["device_name"],
        values["based_on"] or 0, values["seen"] or 0,
    )  # fmt: skip
    try:
        kept = keep_work(ctx.session, ctx.actor, ctx.tenant, publication, work)
    except Overtaken as error:
        return jsonify({"message": error.message, "overtaken": True}), 409
    others = list_others(ctx.session, ctx.actor, publication) if publication else []
    return jsonify(
        {
            "version": kept.version,
            "saved_at": stamp(kept.saved_at),
            "others": [describe_other(other) for other in others],
            "outdated": publication is not None and publication.version != kept.based_on,
        }
    )


@blueprint.get("/<code>/console/publications/unsaved/")
@staff_page(Action.WRITE_PUBLICATION, per_organ=True)
def token(ctx: Context) -> Response:
    """Answer with a fresh form token, once somebody has signed in again in another window."""
    return jsonify({"csrf_token": generate_csrf(), "person": ctx.actor.user_id})


@blueprint.post("/<code>/console/publications/unsaved/drop/")
@staff_page(Action.WRITE_PUBLICATION, per_organ=True)
def drop(ctx: Context) -> Response:
    """Forget unsaved work that is not wanted."""
    values = WorkForm.read().values
    drop_work(ctx.session, ctx.actor, values["form_key"])
    flash(_("The unsaved version was dropped."))
    if values["publication"]:
        return redirect(tenant_url("publishing_console.edit", id=values["publication"]))
    return redirect(tenant_url("publishing_console.index"))


@blueprint.post("/<code>/console/publications/discarded/<int:id>/")
@staff_page(Action.WRITE_PUBLICATION, draft=load_discarded)
def restore(ctx: Context, draft: DiscardedDraft) -> Response:
    """Bring a deleted draft back."""
    publication = restore_draft(ctx.session, ctx.actor, ctx.tenant, draft)
    flash(_("The draft is back."), "success")
    return redirect(tenant_url("publishing_acts.detail", id=publication.id))


def _find_publication(ctx: Context, number: int | None) -> Publication | None:
    if number is None:
        return None
    found = ctx.session.get(Publication, number)
    if found is None or found.tenant_id != ctx.tenant.id:
        raise NotFound
    ctx.require(Action.WRITE_PUBLICATION, organ=found.organ_id)
    return found


def describe_other(work: UnsavedWork) -> str:
    """Say who else is editing, and since when."""
    return str(_("%(name)s has been editing this since %(time)s.", name=work.user_name,
                 time=stamp(work.begun_at)))  # fmt: skip


def take_work(ctx: Context, shown: Mapping[str, Any]) -> dict[str, Any]:
    """Return what a form shows, with the unsaved work that its address names laid over it."""
    work = find_work(ctx.session, ctx.actor, params.text("unsaved", 40) or "")
    taken = work.fields if work else {}
    return {**shown, **{name: taken[name] for name in _FIELDS if name in taken}}


def prepare_work(
    ctx: Context, publication: Publication | None, shown: Mapping[str, Any]
) -> dict[str, Any]:
    """Return what the form says of unsaved work: its key, what is offered, who else is at it."""
    key = WorkForm.read().values["form_key"] or params.text("unsaved", 40) or ""
    if publication or not key.startswith("new:"):
        key = build_form_key(publication)
    known = find_work(ctx.session, ctx.actor, key)
    posted, taken = request.method == "POST", bool(params.text("unsaved", 40))
    offers = [] if posted or taken else _list_offers(ctx, publication, shown)
    others = list_others(ctx.session, ctx.actor, publication) if publication else []
    return {
        "form_key": key,
        "seen": known.version if known and (posted or taken) else 0,
        "offers": offers,
        "others": [describe_other(other) for other in others],
    }


def forget_work(ctx: Context, publication: Publication) -> None:
    """Forget a person's unsaved work at a form that was saved just now."""
    keys = {WorkForm.read().values["form_key"], build_form_key(publication)}
    drop_work(ctx.session, ctx.actor, *keys)


def _list_offers(
    ctx: Context, publication: Publication | None, shown: Mapping[str, Any]
) -> list[OfferedWork]:
    own = list_own_work(ctx.session, ctx.actor, publication)
    offers = [OfferedWork(work, _compare(shown, work.fields)) for work in own]
    return [offer for offer in offers if offer.differences]


def _compare(shown: Mapping[str, Any], fields: Mapping[str, Any]) -> list[tuple[str, str, str]]:
    found = []
    for name in _FIELDS:
        before, after = _to_words(name, shown.get(name)), _to_words(name, fields.get(name))
        if name in fields and before != after:
            found.append((str(_LABELS.get(name, name)), before[:_SHOWN], after[:_SHOWN]))
    return found


def _to_words(name: str, value: Any) -> str:
    text = str(value if value is not None else "").replace("\r\n", "\n").strip()
    return to_text(to_html(text)) if name == "body" else text
