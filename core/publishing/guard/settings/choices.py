"""What a place itself says of masks, numbers and words, on top of those above it (N31)."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import reduce
from operator import add
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import Session

from core.audit.service import record
from core.db.transactions import after_commit
from core.db.tree import Tenant
from core.errors import Invalid
from core.identifiers import parse_phone
from core.jobs.queue import wake
from core.permissions import Action, Actor, require
from core.privacy.domain.masks import MaskFormat
from core.privacy.domain.wording import WordRules, parse_word_line
from core.privacy.wording import general_words
from core.publishing.guard.models import PrivacySetting
from core.publishing.guard.settings.rules import (
    RULES_CHANGED,
    list_sensitive_words,
    list_settings,
)

_PLATE_GAPS = re.compile(r"[\s·•.-]")


@dataclass(frozen=True, slots=True)
class PrivacyChoice:
    """What a place itself says; a kind of number that is not in `mask` is as above it."""

    mask: dict[str, tuple[int, int]] = field(default_factory=dict)
    keep: Sequence[str] = ()
    words: Sequence[str] = ()


def load_inherited_mask(session: Session, tenant: Tenant) -> MaskFormat:
    """Return the format that holds where a place says nothing of its own."""
    mask: dict[str, tuple[int, int]] = {}
    for setting in list_settings(session, tenant):
        mask |= _to_mask(setting.formats) if setting.tenant_id != tenant.id else {}
    return MaskFormat(**mask)


def load_words(session: Session, tenant: Tenant) -> WordRules:
    """Return the general rules of wording and the words of the place and those above it."""
    return reduce(add, map(parse_word_line, list_sensitive_words(session, tenant)), general_words())


def load_own_choice(session: Session, tenant: Tenant) -> PrivacyChoice:
    """Return what a place itself has said."""
    setting = _find_setting(session, tenant)
    if setting is None:
        return PrivacyChoice()
    return PrivacyChoice(
        _to_mask(setting.formats), tuple(setting.kept_numbers), tuple(setting.sensitive_words)
    )


def save_choice(session: Session, actor: Actor, tenant: Tenant, choice: PrivacyChoice) -> None:
    """Set what a place says, in force at once here and below.

    Raises `Invalid` at `keep` or `words`, naming the line.
    """
    require(actor, Action.MANAGE_TENANT, tenant)
    keep = [_read_kept(line) for line in choice.keep]
    for line in choice.words:
        _check_word(line)
    setting = _find_setting(session, tenant) or PrivacySetting(tenant_id=tenant.id)
    setting.formats = {name: list(stays) for name, stays in choice.mask.items()}
    setting.kept_numbers, setting.sensitive_words = keep, list(choice.words)
    session.add(setting)
    session.flush()
    after_commit(session, wake, RULES_CHANGED)
    record(
        session, actor, tenant, "privacy.set", tenant.division_code,
        formats=setting.formats, numbers=len(keep), words=len(choice.words),
    )  # fmt: skip


def _find_setting(session: Session, tenant: Tenant) -> PrivacySetting | None:
    return session.scalar(select(PrivacySetting).where(PrivacySetting.tenant_id == tenant.id))


def _to_mask(stored: dict[str, Any]) -> dict[str, tuple[int, int]]:
    return {name: (int(first), int(last)) for name, (first, last) in stored.items()}


def _read_kept(line: str) -> str:
    phone = parse_phone(line)
    if phone is not None:
        return phone
    plate = _PLATE_GAPS.sub("", line).upper()
    if re.fullmatch(r"[\u4e00-\u9fff][A-Z][0-9A-Z\u4e00-\u9fff]{5,6}", plate):
        return plate
    message = _("“%(line)s” is neither a phone nor a number plate.", line=line)
    raise Invalid({"keep": message})


def _check_word(line: str) -> None:
    try:
        parse_word_line(line)
    except ValueError as error:
        message = _("“%(line)s”: write 错词=正词, or 姓名:职务.", line=line)
        raise Invalid({"words": message}) from error
