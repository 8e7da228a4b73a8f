"""Messages in templates: looked up once a page, not once a message."""

from typing import Any

from flask import Flask, g
from flask_babel import get_translations
from jinja2 import pass_eval_context
from jinja2.nodes import EvalContext
from markupsafe import Markup


def init_wording(app: Flask) -> None:
    """Give templates their `_`; plurals are rare, and stay with the library's own."""
    app.jinja_env.globals["_"] = _message


@pass_eval_context
def _message(context: EvalContext, text: str, **values: Any) -> str:
    """A message in the reader's language, its values escaped where the template is HTML."""
    if "messages" not in g:
        g.messages = get_translations()
    translated: str = g.messages.ugettext(text)
    if context.autoescape:
        # What the catalogs say is written by us, as the templates are.
        translated = Markup(translated)  # noqa: S704
    # As the library does it, a percent sign is doubled in every message.
    return translated % values if values or "%" in translated else translated
