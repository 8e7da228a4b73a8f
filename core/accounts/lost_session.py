"""A form that was sent after its session had ended: sign in again, and it comes back filled in."""

from typing import Any

from flask import Flask, current_app, make_response, render_template, request
from flask_babel import gettext as _
from flask_login import current_user
from flask_wtf.csrf import CSRFError
from werkzeug.wrappers import Response

from core.web.errors import answer_error
from core.web.forms.kept import answer_filled, has_files, keep_form, list_typed, was_sent_here
from core.web.site.cookies import is_cookie_lost


def init_lost_sessions(app: Flask) -> None:
    """Answer forms whose token is not (any more) that of the session."""
    app.register_error_handler(CSRFError, _answer_expired)


def _answer_expired(error: CSRFError) -> Any:
    del error
    if is_cookie_lost():
        return answer_error(400, _(
            "Forms of this site need HTTPS: open the same address with https://. (For a network"
            " without it the operator sets GONGKAI_SECURE_COOKIES=false.)"
        ))  # fmt: skip
    if not was_sent_here():
        return answer_error(400, _("This form was not sent from a page of this site."))
    if not list_typed():
        return answer_error(400, _("Your session has ended. Sign in again."))
    if _needs_account() and not current_user.is_authenticated:
        return ask_to_sign_in()
    message = _("The page stood open for a long time. Look through what you typed and send it.")
    return answer_filled(keep_form(), message), 400


def _needs_account() -> bool:
    view = current_app.view_functions.get(request.endpoint or "")
    return str(getattr(view, "access", "")).startswith("staff")


def ask_to_sign_in() -> Response:
    """Show the sign-in page, which carries the posted form along."""
    values = {"next": keep_form().page, "kept": keep_form().to_text()}
    page = render_template("accounts/sign_in.html", values=values, files=has_files())
    response = make_response(page, 401)
    response.headers["Cache-Control"] = "no-store"
    return response
