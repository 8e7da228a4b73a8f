"""Answers as people see them: the title and a snippet with what was asked marked in them."""

from dataclasses import dataclass
from datetime import date

from markupsafe import Markup

from core.db.tree import Tenant
from core.search.answering.highlight import Needles, has_match, marked, snippet
from core.search.document import Attachment, SearchDocument


@dataclass(frozen=True, slots=True)
class FoundIn:
    """The attachment that an answer was found in; `address` as the answer's own."""

    name: str
    address: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """One answer as people see it; `address` is the page below the installation's prefix."""

    id: str
    kind: str
    title: str
    marked_title: Markup
    excerpt: Markup
    snippet: Markup
    tenant: Tenant
    owner: Tenant
    organ: str
    address: str
    published_on: date | None
    source_id: str | None
    repealed: bool
    validity: str
    found_in: FoundIn | None


def result_of(document: SearchDocument, needles: Needles, page: Tenant, owner: Tenant) -> Result:
    """The answer that a document makes, on the page of one tenant."""
    said = has_match(document.body, needles)
    text = document.body if said else document.summary or document.body
    file = None if said else _file_that_says(document, needles)
    excerpt = snippet(file.text if file else text, needles)
    return Result(
        id=document.id,
        kind=document.kind,
        title=document.title,
        marked_title=marked(document.title, needles),
        excerpt=excerpt,
        snippet=_with_match(document, excerpt, needles),
        tenant=page,
        owner=owner,
        organ=document.organ,
        address=_address(page, document.path),
        published_on=document.published_on,
        source_id=document.source_id,
        repealed=document.repealed,
        validity=document.validity,
        found_in=FoundIn(file.name, _address(page, file.path)) if file else None,
    )


def _address(page: Tenant, path: str) -> str:
    return f"/{page.division_code}/{path}"


def _file_that_says(document: SearchDocument, needles: Needles) -> Attachment | None:
    """The attachment that was found, where the document's own words do not say why it was."""
    if not document.attachments:
        return None
    if has_match(document.title, needles) or has_match(document.summary, needles):
        return None
    return next(
        (
            file
            for file in document.attachments
            if has_match(file.text, needles) or has_match(file.name, needles)
        ),
        None,
    )


def _with_match(document: SearchDocument, excerpt: Markup, needles: Needles) -> Markup:
    """A snippet that shows why the document was found, also where its text does not say it."""
    if "<mark>" in excerpt:
        return excerpt
    named = (*document.numbers, document.title, document.alias, document.organ, document.topic)
    shown = next((text for text in named if text and has_match(text, needles)), None)
    return excerpt if shown is None else Markup("%s · %s") % (snippet(shown, needles), excerpt)
