"""A publication as pages show it: for the public, in a preview, and beside a review."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from flask import request
from flask_babel import gettext as _
from markupsafe import Markup, escape
from sqlalchemy import select
from sqlalchemy.orm import Session

from core.catalog.effective import effective_catalog
from core.catalog.labels import item_title
from core.clock import local_day, stamp, today
from core.db.tree import Tenant
from core.publishing.body.convert import to_html
from core.publishing.content import COLUMNS, Content, FileRef
from core.publishing.dates.publicity import fill_days, find_last_day
from core.publishing.labels import VALIDITY_LABELS
from core.publishing.lists.shown import ShownList, show_page, show_whole
from core.publishing.models import Attachment, Publication
from core.publishing.queries import is_public
from core.publishing.rules import PublicationState, publicity_is_over
from core.publishing.workflow.drafts import list_attachments
from core.tenancy.models import Organ
from core.web.reading.once_per_language import once_per_language
from core.web.urls import tenant_url

Pair = dict[str, Any]


@dataclass(frozen=True, slots=True)
class ShownFile:
    """A file on a page: a picture with alternative text, or a download with type and size."""

    id: int
    name: str
    url: str
    kind: str
    size: int
    alt: str
    width: int | None = None
    height: int | None = None


@dataclass(frozen=True, slots=True)
class Article:
    """The contents of a publication's page; `over` leaves the frame without text, list, files."""

    title: str
    organ: str
    source: str
    published_on: date | None
    stamp: str
    genre: str
    summary: str
    domain: str
    validity: str
    validity_label: str
    body: Markup
    list: ShownList | None
    pairs: Sequence[Pair]
    pictures: Sequence[ShownFile]
    files: Sequence[ShownFile]
    over: bool
    publicity_until: date | None

    def on_page(self, number: int) -> "Article":
        """Return the article with one page of its list; on paper it has all of them."""
        return self if self.list is None else replace(self, list=show_page(self.list, number))


def find_article(session: Session, tenant: Tenant, publication_id: int) -> Article | None:
    """Find a publication of this tenant that the public can read now, else `None`."""
    query = select(Publication).where(
        Publication.id == publication_id,
        Publication.tenant_id == tenant.id,
        is_public(),
    )
    found = session.scalar(query)
    if found is None:
        return None
    files = list_attachments(session, found)
    return build_article(session, tenant, found, to_content(found, files), files)


def to_content(publication: Publication, attachments: Sequence[Attachment]) -> Content:
    """Return the content in the columns: what the public sees once it is published."""
    values = {name: getattr(publication, name) for name in COLUMNS}
    files = tuple(FileRef(file.id, file.alt_text) for file in attachments if file.live)
    return Content(**values, files=files)


def build_article(
    session: Session,
    tenant: Tenant,
    publication: Publication,
    content: Content,
    attachments: Sequence[Attachment],
) -> Article:
    """Build the page of a publication from this content (published, or a draft)."""
    content = fill_days(content)
    organ = session.get(Organ, content.organ_id) if content.organ_id else None
    item, domain = _names(session, tenant, content)
    published_on = local_day(content.published_at) if content.published_at else None
    until = _publicity_until(publication, content, published_on)
    over = publication.state == PublicationState.EXPIRED or publicity_is_over(until, today())
    shown = [] if over else list_shown_files(tenant, content, attachments)
    organ_name = organ.name if organ else tenant.name
    body = Markup("") if over else _body(publication, content)
    return Article(
        title=content.title,
        organ=organ_name,
        source=content.source or organ_name,
        published_on=published_on,
        stamp=stamp(content.published_at),
        genre=content.genre,
        summary=content.summary,
        domain=domain,
        validity=content.validity,
        validity_label=_validity_labels()[content.validity],
        body=body,
        list=show_whole(content.list_data) if content.list_data and not over else None,
        pairs=_pairs(content, organ_name, item, published_on),
        pictures=[file for file in shown if file.width and not _stands_in(body, file)],
        files=[file for file in shown if not file.width],
        over=over,
        publicity_until=until,
    )


def _publicity_until(
    publication: Publication, content: Content, published_on: date | None
) -> date | None:
    if published_on is None:
        return None
    return publication.publicity_until or find_last_day(content, published_on)


def _body(publication: Publication, content: Content) -> Markup:
    """Return the HTML sanitised at publication; of a revision, convert its source anew."""
    if content.body_source == publication.body_source:
        body = publication.body_html
    else:
        body = to_html(content.body_source, content.file_ids)
    return to_shown(body)


def to_shown(body: str) -> Markup:
    """Return sanitised HTML for a page: its pictures below the prefix of the installation."""
    if "<img" in body and request and request.script_root:
        body = body.replace(' src="/', f' src="{escape(request.script_root)}/')
    return Markup(body)  # noqa: S704 - cleaned by `body.to_html`


def _stands_in(body: str, file: ShownFile) -> bool:
    """Return whether a picture has its place in the text; it is not repeated below it."""
    return f"/files/{file.id}/" in body


def _names(session: Session, tenant: Tenant, content: Content) -> tuple[Markup | str, str]:
    """Return the catalog item, linked to its page, and the name of its domain."""
    if content.item_id is None and content.domain is None:
        return "", content.domain_text or ""
    catalog = effective_catalog(session, tenant).catalog
    domain = catalog.domains.get(content.domain or "")
    domain_name = domain.name if domain else content.domain or content.domain_text or ""
    item = catalog.items.get(content.item_id or "")
    if item is None:
        return "", domain_name
    url = tenant_url("catalog.item", tenant, item_id=item.item_id)
    return Markup('<a href="{}">{}</a>').format(url, item_title(item)), domain_name


def _pairs(
    content: Content, organ: str, item: Markup | str, published_on: date | None
) -> list[Pair]:
    """List the official metadata in the order in which county sites print it."""
    values = (
        content.index_number,
        content.document_number,
        organ,
        published_on and published_on.isoformat(),
        _iso(content.formed_on),
        _validity_labels()[content.validity],
        content.theme,
        content.genre,
        item or content.no_item_reason,
    )
    labels = _pair_labels()
    pairs: list[Pair] = [
        {"label": label, "value": value} for label, value in zip(labels, values, strict=True)
    ]
    pairs[-1]["wide"] = True
    return pairs


@once_per_language
def _pair_labels() -> tuple[str, ...]:
    return (
        _("Index number"),
        _("Document number"),
        _("Publishing organ"),
        _("Date of publication"),
        _("Date of formation"),
        _("Validity"),
        _("Theme"),
        _("Genre"),
        _("Catalog item"),
    )


@once_per_language
def _validity_labels() -> dict[str, str]:
    return {validity: str(label) for validity, label in VALIDITY_LABELS.items()}


def _iso(day: date | None) -> str:
    return day.isoformat() if day else ""


def list_shown_files(
    tenant: Tenant, content: Content, attachments: Sequence[Attachment]
) -> list[ShownFile]:
    """List the files named by a content, in its order."""
    by_id = {file.id: file for file in attachments}
    refs = [ref for ref in content.files if ref.id in by_id]
    return [_one(tenant, by_id[ref.id], ref.alt) for ref in refs]


def _one(tenant: Tenant, file: Attachment, alt: str) -> ShownFile:
    return ShownFile(
        id=file.id,
        name=file.filename,
        url=tenant_url("publishing.file", tenant, id=file.id, name=file.filename),
        kind=file.filename.rpartition(".")[2].upper(),
        size=file.size,
        alt=alt,
        width=file.width,
        height=file.height,
    )
