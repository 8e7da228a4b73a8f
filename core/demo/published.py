"""What became of texts of the demonstration: on the board only, corrected, withdrawn.

Made once by the people of the demonstration with their own rights, as the work under way.
"""

from collections.abc import Mapping
from dataclasses import replace
from io import BytesIO
from typing import Any

from marshmallow import fields
from PIL import Image, ImageDraw
from sqlalchemy.orm import Session

from core.accounts.service import get_user, to_actor
from core.clock import today
from core.demo.pairs import add_objections, pair_up
from core.demo.work import is_there
from core.permissions import Actor
from core.publishing.channels.board import NewPosting, add_posting
from core.publishing.content import Content
from core.publishing.files.validation import check_file
from core.publishing.lists.domain.model import from_json, to_json
from core.publishing.models import Publication
from core.publishing.objections.domain.terms import ObjectionTerms
from core.publishing.objections.terms import save_own_terms
from core.publishing.rules import CHECKS
from core.publishing.workflow.drafts import (
    create_publication,
    get_working_content,
    open_correction,
    save_content,
    submit,
)
from core.publishing.workflow.review import pass_review
from core.publishing.workflow.withdrawal import approve, ask
from core.settings import current_settings
from core.tenancy.pack_files import read_json
from core.tenancy.pack_schemas import PackSchema
from core.tenancy.packs import Pack
from core.tenancy.service import ensure_organ, get_tenant
from core.web.context import Context

FILE = "published.json"


class PublishedSchema(PackSchema):
    """A text that was published, and what became of it."""

    author = fields.String(required=True)
    reviewer = fields.String(required=True)
    tenant = fields.String(required=True)
    organ = fields.String(required=True)
    genre = fields.String(required=True)
    title = fields.String(required=True)
    item_id = fields.String(required=True)
    formed_on = fields.Date(required=True)
    body = fields.String(required=True)
    publicity_days = fields.Integer()
    table = fields.Dict(data_key="list")
    board = fields.Dict()
    terms = fields.Dict()
    objections = fields.List(fields.Dict(), load_default=list)
    waits_days = fields.Integer()
    carries_out = fields.Dict()
    correction = fields.Dict()
    withdrawal = fields.Dict()


class LifeSchema(PackSchema):
    """The file of published texts."""

    published = fields.List(fields.Nested(PublishedSchema), required=True)


def ensure_published(session: Session, pack: Pack) -> None:
    """Make what is not there yet; needs the accounts of the demonstration."""
    for told in read_json(pack.folder, FILE, LifeSchema())["published"]:
        tenant = get_tenant(session, told["tenant"])
        if is_there(session, tenant, told["title"]):
            continue
        author, reviewer = (
            to_actor(session, get_user(session, told[role])) for role in ("author", "reviewer")
        )
        organ = ensure_organ(session, tenant, told["organ"]).id
        names = ("title", "item_id", "genre", "formed_on")
        content = Content(
            organ_id=organ,
            body_source=told["body"],
            list_data=from_json(told["table"]) if "table" in told else None,
            publicity_days=told.get("publicity_days"),
            **{name: told[name] for name in names},
        )
        made = create_publication(session, author, tenant, content)
        _publish(session, author, reviewer, made)
        if "terms" in told:
            terms = ObjectionTerms(**told["terms"])
            save_own_terms(Context(session, tenant, author), made, terms)
        add_objections(session, author, reviewer, made, told["objections"])
        pair_up(session, author, made, told)
        _go_on(session, author, reviewer, made, told)


def _publish(session: Session, author: Actor, reviewer: Actor, made: Publication) -> None:
    submit(session, author, made)
    pass_review(session, reviewer, made, dict.fromkeys(CHECKS, True))


def _go_on(
    session: Session, author: Actor, reviewer: Actor, made: Publication, told: Mapping[str, Any]
) -> None:
    if board := told.get("board"):
        said = NewPosting("photograph", today(), None, board["row_count"], board["note"])
        limit = current_settings().max_upload_bytes
        file = check_file("公开栏照片.png", _draw_board(), most_bytes=limit)
        add_posting(session, author, made, said, file)
    if correction := told.get("correction"):
        if made.correction is None:  # an objection that was upheld has begun it
            open_correction(session, author, made)
        content = replace(get_working_content(session, made), body_source=correction["body"])
        if content.list_data and "rows" in correction:
            listed = from_json(to_json(content.list_data) | correction)
            content = replace(content, list_data=listed)
        save_content(session, author, made, content, note=correction["note"])
        _publish(session, author, reviewer, made)
    if withdrawal := told.get("withdrawal"):
        asked = ask(session, author, made, withdrawal["reason"], withdrawal["ground"])
        approve(session, reviewer, asked)


def _draw_board() -> bytes:
    """Draw a sheet on a board: the demonstration has no photographs of real ones."""
    picture = Image.new("RGB", (640, 480), "#8a6d4b")
    drawing = ImageDraw.Draw(picture)
    drawing.rectangle((120, 40, 520, 440), fill="white", outline="#444444")
    for line in range(80, 380, 30):
        drawing.line((150, line, 490, line), fill="#999999", width=2)
    drawing.ellipse((380, 350, 450, 420), outline="#c00000", width=5)
    stream = BytesIO()
    picture.save(stream, "PNG")
    return stream.getvalue()
