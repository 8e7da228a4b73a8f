"""Texts of notices: registered by features at import, rendered when a notice is sent."""

from collections.abc import Mapping
from typing import TypeAlias

from flask_babel import LazyString

NoticeText: TypeAlias = str | LazyString

_TEMPLATES: dict[str, NoticeText] = {}


def add_notice_template(topic: str, text: NoticeText) -> None:
    """Register the text of a topic (`open_day.reminder`), with `%(name)s` for each fact.

    Call it when the module is imported; a lazy text is translated when it is rendered.
    """
    _TEMPLATES[topic] = text


def known_topics() -> list[str]:
    """Return the topics that have a text in this process."""
    return sorted(_TEMPLATES)


def render_notice(topic: str, facts: Mapping[str, object]) -> str:
    """Render the text of a notice; ValueError for an unknown topic or a missing fact."""
    try:
        return str(_TEMPLATES[topic]) % facts
    except KeyError as error:
        raise ValueError(f"notice {topic}: no template or fact {error}") from error
