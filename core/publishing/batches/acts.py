"""What can be done to many publications at once: each by the rules that hold for one of them."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from core.errors import Conflict, Invalid
from core.permissions import Actor
from core.publishing.editing.discarded import discard_draft
from core.publishing.models import Publication
from core.publishing.rules import LIVE
from core.publishing.workflow.drafts import (
    get_working_content,
    save_content,
    submit,
    take_back,
)
from core.publishing.workflow.review import pass_review, return_for_changes
from core.publishing.workflow.withdrawal import ask
from core.tenancy.models import Organ

Options = Mapping[str, Any]
Act = Callable[[Session, Actor, Publication, Options], None]


def _submit(session: Session, actor: Actor, publication: Publication, options: Options) -> None:
    del options
    submit(session, actor, publication)


def _take_back(session: Session, actor: Actor, publication: Publication, options: Options) -> None:
    del options
    take_back(session, actor, publication)


def _pass(session: Session, actor: Actor, publication: Publication, options: Options) -> None:
    checks = dict.fromkeys(options["checks"], True)
    pass_review(session, actor, publication, checks, options.get("comment", ""))


def _return(session: Session, actor: Actor, publication: Publication, options: Options) -> None:
    return_for_changes(session, actor, publication, options["reason"])


def _withdraw(session: Session, actor: Actor, publication: Publication, options: Options) -> None:
    if publication.state not in LIVE:
        raise Conflict(_("The present state does not allow this."))
    ask(session, actor, publication, options["reason"], options["ground"])


def _change(session: Session, actor: Actor, publication: Publication, options: Options) -> None:
    """Change item, organ or genre of a draft; what is not given stays."""
    if publication.published_revision is not None:
        raise Conflict(_("This is public; correct it by itself."))
    before = get_working_content(session, publication)
    given = {name: options[name] for name in ("item_id", "organ_id", "genre") if options.get(name)}
    organ = session.get(Organ, given["organ_id"]) if "organ_id" in given else None
    if organ is not None and organ.tenant_id != publication.tenant_id:
        raise Invalid({"organ_id": _("Choose one of the organs of this place.")})
    if "item_id" in given:
        given["no_item_reason"] = None
    save_content(session, actor, publication, replace(before, **given), before=before)


def _discard(session: Session, actor: Actor, publication: Publication, options: Options) -> None:
    del options
    if publication.published_revision is not None:
        raise Conflict(_("This is or was public; only drafts are deleted here."))
    discard_draft(session, actor, publication)


ACTS: Mapping[str, Act] = {
    "submit": _submit,
    "take_back": _take_back,
    "change": _change,
    "discard": _discard,
    "pass": _pass,
    "return": _return,
    "withdraw": _withdraw,
}
