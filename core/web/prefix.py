"""Serve below a path prefix of the county's own site (`/zwgk`), as the law wants one site."""

from collections.abc import Callable, Iterable
from typing import Any

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
