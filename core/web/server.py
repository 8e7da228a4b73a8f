"""What servers in front of the program need: a path prefix and a health check.

Below a prefix (`/zwgk`) the pages are a part of the county's own site: the law wants one site.
"""

from collections.abc import Callable, Iterable
from typing import Any

from flask import Blueprint, jsonify
from sqlalchemy import select
from werkzeug.wrappers import Response

from core.db.tree import Tenant
from core.web.access import open_page
from core.web.request import directory

blueprint = Blueprint("health", __name__)


@blueprint.get("/healthz")
@open_page
def healthz() -> Response:
    """Answer 200 when the process answers and reaches its database (liveness probe)."""
    directory().scalar(select(Tenant.id).limit(1))
    return jsonify(status="ok")


StartResponse = Callable[..., Any]
Wsgi = Callable[[dict[str, Any], StartResponse], Iterable[bytes]]


class PathPrefix:
    """Strip the prefix from addresses and tell the application about it."""

    def __init__(self, application: Wsgi, prefix: str) -> None:
        self._application = application
        self._prefix = prefix

    def __call__(self, environ: dict[str, Any], start_response: StartResponse) -> Iterable[bytes]:
        """Answer below the prefix; elsewhere only the health check exists."""
        path = environ.get("PATH_INFO", "")
        if not self._prefix or path == "/healthz":
            return self._application(environ, start_response)
        if path != self._prefix and not path.startswith(self._prefix + "/"):
            start_response("404 Not Found", [("Content-Type", "text/plain; charset=utf-8")])
            return [b"404"]
        environ["SCRIPT_NAME"] = environ.get("SCRIPT_NAME", "") + self._prefix
        environ["PATH_INFO"] = path[len(self._prefix) :] or "/"
        return self._application(environ, start_response)
