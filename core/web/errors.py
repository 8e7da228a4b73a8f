"""Map the family of errors, and everything unexpected, to one kind of page, or to JSON."""

import structlog
from flask import Flask, jsonify, render_template, request
from flask_babel import gettext as _
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Response

from core.errors import GongkaiError, Invalid

log = structlog.get_logger("gongkai.web")


def init_errors(app: Flask) -> None:
    """Register the handlers."""
    app.register_error_handler(GongkaiError, _expected)
    app.register_error_handler(CSRFError, _expired_form)
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(Exception, _unexpected)


def _expected(error: GongkaiError) -> tuple[str | Response, int]:
    return _answer(error.status, error.message, error)


def _expired_form(error: CSRFError) -> tuple[str | Response, int]:
    del error
    return _answer(400, _("The form has expired. Go back, reload the page and send it again."))


def _http(error: HTTPException) -> tuple[str | Response, int] | HTTPException:
    status = error.code or 500
    if status < 400:
        return error
    return _answer(status, "")


def _unexpected(error: Exception) -> tuple[str | Response, int]:
    log.error("request failed", path=request.path, method=request.method, exc_info=error)
    return _answer(500, "")


def _answer(
    status: int, message: str, error: GongkaiError | None = None
) -> tuple[str | Response, int]:
    if request.accept_mimetypes.best_match(["text/html", "application/json"]) == "application/json":
        body: dict[str, object] = {"status": status, "message": message}
        if isinstance(error, Invalid):
            body["fields"] = error.fields
        return jsonify(body), status
    template = f"errors/{status if status in {403, 404, 409, 413, 429, 500} else 'other'}.html"
    return render_template(template, status=status, message=message), status
