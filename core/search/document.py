"""The search document: flat, public and self-contained, as features hand it to search."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from hashlib import blake2b

from core.search.geo import GeoPoint

# Characters of a text that are indexed: positions in the index are limited.
BODY_LIMIT = 20_000


class DocumentValidity(StrEnum):
    """Whether a document is in force: 有效, 失效, 废止."""

    EFFECTIVE = "effective"
    LAPSED = "lapsed"
    REPEALED = "repealed"


@dataclass(frozen=True, slots=True)
class AttachedText:
    """Name and extracted text of an attachment; `path` as the document's own."""

    name: str
    text: str
    path: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchDocument:
    """One thing that can be found, in its present public state.

    `scope` is the owner's chain of tenant ids from the root to the owner itself. A document that
    `inherits` is part of every tenant below its owner (a catalog item); `excluded` names the
    tenants in whose subtrees something else, or nothing, takes its place. Without `inherits` those
    below still find it, as the public document of a tenant above them. `path` is the address below
    a tenant's own (`publications/7/`). `level` is the owner's. `position` is where it can be met,
    in the one datum of the index (`core.search.geo`).

    Nothing of a document is secret from those who may find it: names of persons in publicity lists
    are left out of all its texts by the feature, unless the catalog item lets them be found.
    """

    kind: str
    pk: str
    scope: tuple[int, ...]
    title: str
    path: str
    body: str = ""
    summary: str = ""
    alias: str = ""
    topic: str = ""
    organ: str = ""
    numbers: tuple[str, ...] = ()
    published_on: date | None = None
    expires_at: datetime | None = None
    inherits: bool = False
    excluded: tuple[int, ...] = ()
    level: str = ""
    validity: DocumentValidity = DocumentValidity.EFFECTIVE
    attachments: tuple[AttachedText, ...] = ()
    source_id: str | None = None
    position: GeoPoint | None = None
    # Id in every engine: `<kind>-<pk>`, ASCII letters, digits, `-` and `_` only.
    id: str = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "id", document_id(self.kind, self.pk))

    @property
    def tenant_id(self) -> int:
        """The owner."""
        return self.scope[-1]

    @property
    def repealed(self) -> bool:
        """No longer in force: lapsed or repealed."""
        return self.validity is not DocumentValidity.EFFECTIVE

    @property
    def year(self) -> str:
        """Year of publication, empty where there is no date."""
        return str(self.published_on.year) if self.published_on else ""

    @property
    def version(self) -> int:
        """Fingerprint of the content (63 bits): equal versions mean equal documents."""
        digest = blake2b(repr(self).encode(), digest_size=8).digest()
        return int.from_bytes(digest, "big") >> 1

    def attached(self) -> Iterator[str]:
        """Yield names and texts of the attachments, `BODY_LIMIT` characters of texts in all."""
        left = BODY_LIMIT
        for attachment in self.attachments:
            yield attachment.name
            yield attachment.text[:left]
            left -= len(attachment.text[:left])


def document_id(kind: str, pk: str) -> str:
    """Build the id of a thing in every engine."""
    return f"{kind}-{pk}"


def split_document_id(document: str) -> tuple[str, str]:
    """Split a document id into kind and key."""
    kind, _, pk = document.partition("-")
    return kind, pk
