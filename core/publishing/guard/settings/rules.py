"""The rules of a place for personal data: its formats of masks, and numbers that are no person's.

Formats are the nearest of the place and those above it; numbers and wordings are added up.
"""

import hashlib
import re
from collections.abc import Iterator
from dataclasses import asdict, replace

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.catalog.effective import effective_catalog
from core.clock import today
from core.db.tree import Tenant
from core.privacy.domain.findings import DEFAULT_RULES, Rules, to_plain_head
from core.privacy.domain.masks import DEFAULT_FORMAT
from core.publishing.guard.models import PrivacySetting
from core.publishing.lists.item_templates.service import TEMPLATES_CHANGED, load_template
from core.tenancy.models import Organ

#: Raised when the recogniser or the readers of files find what they did not before: files, and
#: everything that is public, are looked at again.
READER = 2
#: What wakes the look at the archive (`core.jobs.queue.wake`); item templates say it too.
RULES_CHANGED = TEMPLATES_CHANGED
#: Keys of columns that nobody named mean nothing beyond their own list.
_NUMBERED_KEY = re.compile(r"c\d+x?")
_NOT_DIGIT = re.compile(r"\D")
_NUMBER = re.compile(r"\d[\d ()-]{5,}\d")


def load_rules(session: Session, tenant: Tenant, item_id: str | None) -> Rules:
    """Load the rules that hold at a place for what serves an item."""
    formats, kept = dict[str, tuple[int, int]](), set[str]()
    for setting in list_settings(session, tenant):
        formats |= {kind: (first, last) for kind, (first, last) in setting.formats.items()}
        kept |= {_to_kept(number) for number in setting.kept_numbers}
    kept.update(_list_office_numbers(session, tenant))
    mask = replace(DEFAULT_FORMAT, **formats)
    protected = load_protected(session, tenant, item_id)
    return replace(DEFAULT_RULES, mask=mask, keep=frozenset(kept), protected=protected, today=today)


def load_protected(session: Session, tenant: Tenant, item_id: str | None) -> frozenset[str]:
    """Load heads and keys of the columns that an item's template protects (minors, patients)."""
    if item_id is None:
        return frozenset()
    catalog = effective_catalog(session, tenant).catalog
    gone = catalog.withdrawn.get(item_id)
    item = catalog.items.get(item_id) or (gone.item if gone else None)
    template = load_template(session, tenant, item) if item else None
    columns = [column for column in template.columns if column.protected] if template else []
    keys = {column.key for column in columns if not _NUMBERED_KEY.fullmatch(column.key)}
    return frozenset({to_plain_head(column.name) for column in columns if column.name} | keys)


def _to_kept(number: str) -> str:
    """Return a number as the search compares it: its digits alone, a plate as it is."""
    return _NOT_DIGIT.sub("", number) if _NUMBER.fullmatch(number) else number


def list_settings(session: Session, tenant: Tenant) -> list[PrivacySetting]:
    """List the settings that hold at a place, the nearest last."""
    query = select(PrivacySetting).where(PrivacySetting.tenant_id.in_(tenant.chain))
    depth = {number: place for place, number in enumerate(tenant.chain)}
    return sorted(session.scalars(query), key=lambda setting: depth[setting.tenant_id])


def list_sensitive_words(session: Session, tenant: Tenant) -> list[str]:
    """List the wordings of which editors are warned at a place."""
    settings = list_settings(session, tenant)
    return list(dict.fromkeys(word for one in settings for word in one.sensitive_words))


def _list_office_numbers(session: Session, tenant: Tenant) -> Iterator[str]:
    query = select(Organ.phone).where(
        Organ.tenant_id.in_(tenant.chain), Organ.phone.is_not(None), Organ.phone != ""
    )
    for text in session.scalars(query):
        yield from (_NOT_DIGIT.sub("", number) for number in _NUMBER.findall(text or ""))


def to_rules_key(rules: Rules) -> str:
    """Return a digest of the rules by which a file is read."""
    parts = repr((READER, sorted(rules.keep), sorted(rules.protected), asdict(rules.mask)))
    return hashlib.sha256(parts.encode()).hexdigest()[:16]
