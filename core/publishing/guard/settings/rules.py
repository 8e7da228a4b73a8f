"""The rules of a place for personal data: its formats of masks, and numbers that are no person's.

Formats are the nearest of the place and those above it; numbers and wordings are added up.
"""

import hashlib
import re
from collections.abc import Iterator
from dataclasses import asdict, replace

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.clock import today
from core.db.tree import Tenant
from core.privacy.domain.findings import DEFAULT_RULES, Rules
from core.privacy.domain.masks import DEFAULT_FORMAT
from core.publishing.guard.models import PrivacySetting
from core.tenancy.models import Organ

#: Raised when the readers of files find what they did not before: files are read again.
READER = 1
_NOT_DIGIT = re.compile(r"\D")
_NUMBER = re.compile(r"\d[\d ()-]{5,}\d")


def load_rules(session: Session, tenant: Tenant) -> Rules:
    """Load the rules that hold at a place."""
    formats, kept = dict[str, tuple[int, int]](), set[str]()
    for setting in list_settings(session, tenant):
        formats |= {kind: (first, last) for kind, (first, last) in setting.formats.items()}
        kept |= {_to_kept(number) for number in setting.kept_numbers}
    kept.update(_list_office_numbers(session, tenant))
    mask = replace(DEFAULT_FORMAT, **formats)
    return replace(DEFAULT_RULES, mask=mask, keep=frozenset(kept), today=today)


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
