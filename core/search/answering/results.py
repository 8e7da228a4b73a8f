"""Search results as shown: highlighted title, snippet, and the attachment that matched."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from markupsafe import Markup

from core.db.tree import Tenant
from core.search.answering.highlight import HighlightTerms, has_match, marked, snippet
from core.search.document import AttachedText, SearchDocument


@dataclass(frozen=True, slots=True)
class MatchedAttachment:
    """The attachment that matched; `address` as the result's own."""

    name: str
    address: str


@dataclass(frozen=True, slots=True)
class OtherPlace:
    """Another place that has its own version of a result; `address` as the result's own."""

    tenant: Tenant
    address: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchResult:
    """One result; `address` is the path below the installation's prefix."""

    id: str
    kind: str
    title: str
    marked_title: Markup
    excerpt: Markup
    tenant: Tenant
    owner: Tenant
    organ: str
    address: str
    published_on: date | None
    source_id: str | None
    repealed: bool
    validity: str
    found_in: MatchedAttachment | None
    other_places: tuple[OtherPlace, ...] = ()
    document: SearchDocument
    terms: HighlightTerms

    @property
    def snippet(self) -> Markup:
        """The excerpt; before it what matches, where that is not the text (not on pages)."""
        return _with_match(self.document, self.excerpt, self.terms)


def build_result(
    document: SearchDocument,
    terms: HighlightTerms,
    page: Tenant,
    owner: Tenant,
    others: Iterable[tuple[Tenant, str]] = (),
) -> SearchResult:
    """Build the result of a document on the page of one tenant; `others` have their own."""
    said = has_match(document.body, terms)
    text = document.body if said else document.summary or document.body
    file = None if said else _file_that_says(document, terms)
    excerpt = snippet(file.text if file else text, terms)
    return SearchResult(
        id=document.id,
        kind=document.kind,
        title=document.title,
        marked_title=marked(document.title, terms),
        excerpt=excerpt,
        tenant=page,
        owner=owner,
        organ=document.organ,
        address=_address(page, document.path),
        published_on=document.published_on,
        source_id=document.source_id,
        repealed=document.repealed,
        validity=document.validity,
        found_in=MatchedAttachment(file.name, _address(page, file.path)) if file else None,
        other_places=tuple(OtherPlace(other, _address(other, path)) for other, path in others),
        document=document,
        terms=terms,
    )


def _address(page: Tenant, path: str) -> str:
    return f"/{page.division_code}/{path}"


def _file_that_says(document: SearchDocument, terms: HighlightTerms) -> AttachedText | None:
    """Return the attachment that matched, where title and summary do not."""
    if not document.attachments:
        return None
    if has_match(document.title, terms) or has_match(document.summary, terms):
        return None
    return next(
        (
            file
            for file in document.attachments
            if has_match(file.text, terms) or has_match(file.name, terms)
        ),
        None,
    )


def _with_match(document: SearchDocument, excerpt: Markup, terms: HighlightTerms) -> Markup:
    """Return a snippet that shows a match, also where the text has none."""
    if "<mark>" in excerpt:
        return excerpt
    named = (*document.numbers, document.title, document.alias, document.organ, document.topic)
    shown = next((text for text in named if text and has_match(text, terms)), None)
    return excerpt if shown is None else Markup("%s · %s") % (snippet(shown, terms), excerpt)
