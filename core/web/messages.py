"""Messages in templates: looked up once a page, not once a message."""

from typing import Any

from babel import Locale
from babel.support import Translations
from flask import Flask, g
from flask_babel import get_locale, get_translations
from jinja2 import pass_eval_context
from jinja2.nodes import EvalContext
from markupsafe import Markup


def init_messages(app: Flask) -> None:
    """Give templates their `_`; plurals are rare, and stay with the library's own."""
    app.jinja_env.globals["_"] = _message


@pass_eval_context
def _message(context: EvalContext, text: str, /, **values: Any) -> str:
    """Translate a message for the reader, its values escaped where the template is HTML."""
    translated: str = _messages().ugettext(text)
    if context.autoescape:
        # What the catalogs say is written by us, as the templates are.
        translated = Markup(translated)  # noqa: S704
    # As the library does it, a percent sign is doubled in every message.
    return translated % values if values or "%" in translated else translated


def _messages() -> Translations:
    """Those of the present language, which a job may change."""
    locale = get_locale()
    held: tuple[Locale | None, Translations] | None = g.get("messages")
    if held is None or held[0] is not locale:
        held = g.messages = locale, get_translations()
    return held[1]
