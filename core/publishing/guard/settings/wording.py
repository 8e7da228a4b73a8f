"""Warnings of sensitive wording in a publication, for its author and its reviewer."""

from collections.abc import Iterator

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from core.db.tree import Tenant
from core.privacy.domain.wording import SensitiveWord, find_sensitive
from core.publishing.body.convert import to_html, to_text
from core.publishing.content import Content, ContentFinding
from core.publishing.guard.settings.choices import load_words

_AROUND = 12
_MOST = 30


def find_wording(session: Session, tenant: Tenant, content: Content) -> Iterator[ContentFinding]:
    """Yield the words of title, summary and text that should not stand there, with better ones.

    At most 30; nothing is replaced.
    """
    words = load_words(session, tenant)
    parts = (content.title, content.summary, to_text(to_html(content.body_source)))
    text = "\n".join(parts)
    for warning in find_sensitive(text, words)[:_MOST]:
        excerpt = text[max(0, warning.start - _AROUND) : warning.end + _AROUND]
        yield ContentFinding("warning", _message(warning), " ".join(excerpt.split()))


def _message(warning: SensitiveWord) -> str:
    values = {"word": warning.text, "better": warning.better, "note": warning.note}
    if not warning.better:
        return str(_("“%(word)s” is on the list of words to warn of.", **values))
    if warning.note:
        return str(_("“%(word)s”: better “%(better)s” (%(note)s).", **values))
    return str(_("“%(word)s”: better “%(better)s”.", **values))
