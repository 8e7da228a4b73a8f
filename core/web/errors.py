"""Map the family of errors, and everything unexpected, to one kind of page, or to JSON.

What was typed is kept (`core.web.forms.kept`): where somebody else was faster, a rule was broken
that no view has caught, or the database is busy, full or away, the answer is the page of the form,
filled in, with the message above it.
"""

from flask import Flask, current_app, jsonify, make_response, render_template, request, session
from flask_babel import gettext as _
from sqlalchemy.orm.exc import StaleDataError
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Response

from core.errors import Conflict, GongkaiError, Invalid, Overtaken
from core.log.logger import get_logger
from core.outages.detection import Outage, find_outage
from core.web.forms.kept import answer_filled, keep_form, list_typed
from core.web.request import close_sessions, reload_place
from core.web.retry import mark_busy
from core.web.site.hosts import is_from_elsewhere

TEMPLATES = frozenset({403, 404, 409, 413, 429, 500, 503})
# When a client may come again (seconds).
RETRY_AFTER = {Outage.BUSY: 5, Outage.FULL: 300, Outage.DOWN: 30}

log = get_logger("gongkai.web")


def init_errors(app: Flask) -> None:
    """Register the handlers."""
    app.register_error_handler(GongkaiError, _expected)
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(StaleDataError, _overtaken)
    app.register_error_handler(Exception, _unexpected)


def _expected(error: GongkaiError) -> tuple[str | Response, int]:
    if isinstance(error, Conflict | Invalid) and _was_typed():
        return _keep_typed(error), error.status
    return answer_error(error.status, error.message, error)


def _keep_typed(error: Conflict | Invalid) -> Response:
    """Show the form again; where somebody else was faster it can be saved in place of theirs."""
    if isinstance(error, Overtaken):
        return answer_filled(
            keep_form(), error.message, again=_("Save mine in place of theirs"), overtaken=True
        )
    return answer_filled(keep_form(), error.message, tone="bad")


def _was_typed() -> bool:
    """Return whether this request posts a page's form with something in it, for a person."""
    return not _wants_json() and not is_from_elsewhere() and bool(list_typed())


def _wants_json() -> bool:
    best = request.accept_mimetypes.best_match(["text/html", "application/json"])
    return best == "application/json"


def _overtaken(error: StaleDataError) -> tuple[str | Response, int]:
    """Answer where a row was changed by somebody else while this request was at it."""
    del error
    _undo_session()
    close_sessions()
    reload_place()
    return _expected(Overtaken(_("Somebody else changed this in the meantime.")))


def _http(error: HTTPException) -> tuple[str | Response, int] | HTTPException:
    status = error.code or 500
    if status < 400:
        return error
    return answer_error(status, "")


def _unexpected(error: Exception) -> tuple[str | Response, int] | Response:
    outage = find_outage(error)
    _undo_session()
    if outage is not None:
        return _unavailable(outage, error)
    # The address may hold a ticket's code: its pattern says enough.
    log.error("request failed", rule=str(request.url_rule), method=request.method, exc_info=error)
    return answer_error(500, "")


def _undo_session() -> None:
    """Take back what this request changed in the cookie: no message of an act that is not done."""
    before = current_app.session_interface.open_session(current_app, request)
    session.clear()
    session.update(before or {})
    session.modified = False


def _unavailable(outage: Outage, error: Exception) -> Response:
    """Roll back, and answer with what was typed; the server may make another try instead."""
    close_sessions()
    reload_place()
    if outage is Outage.BUSY:
        mark_busy()
    log.warning("nothing can be stored", rule=str(request.url_rule), method=request.method,
                outage=outage.value, exc_info=error)  # fmt: skip
    response = make_response(_keep_unstored(_explain(outage)), 503)
    response.headers["Retry-After"] = str(RETRY_AFTER[outage])
    response.headers["Cache-Control"] = "no-store"
    return response


def _keep_unstored(message: str) -> str | Response:
    if not _was_typed():
        return answer_error(503, message)[0]
    said = " ".join([message, _("Nothing of this was stored."), _("Please try again in a moment.")])
    return answer_filled(keep_form(), said, again=_("Try again"))


def _explain(outage: Outage) -> str:
    if outage is Outage.FULL:
        return str(_("The server's disk is full. Please tell the office that runs this site."))
    if outage is Outage.DOWN:
        return str(_("The site cannot reach its data at the moment."))
    return str(_("Too many people are saving at the moment."))


def answer_error(
    status: int, message: str, error: GongkaiError | None = None
) -> tuple[str | Response, int]:
    if _wants_json():
        body: dict[str, object] = {"status": status, "message": message}
        if isinstance(error, Invalid):
            body["fields"] = error.fields
        return jsonify(body), status
    template = f"errors/{status if status in TEMPLATES else 'other'}.html"
    return render_template(template, status=status, message=message), status
