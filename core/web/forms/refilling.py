"""Show the page of a form again, filled in, in place of an answer of `answer_filled`.

The middleware fetches the page as the same browser would, without any waiting for other writers;
the application fills it in while it answers, in the reader's language and script.
"""

from collections.abc import Callable, Iterable
from http import HTTPStatus
from io import BytesIO
from typing import Any
from urllib.parse import unquote

from flask import Flask, get_template_attribute, request
from werkzeug.wrappers import Response

from core.web.forms.differences import list_differences
from core.web.forms.filling import FoundForm
from core.web.forms.kept import WANTED, Refill

_FILL, _FILLED = "gongkai.fill-this", "gongkai.filled"

StartResponse = Callable[..., Any]
Wsgi = Callable[[dict[str, Any], StartResponse], Iterable[bytes]]


def init_refilling(app: Flask) -> None:
    """Fill in the pages that the middleware fetches; before they are put in another script."""
    app.before_request(_begin)
    app.after_request(_fill)


def _begin() -> None:
    """Forget what an earlier try to answer this request has wanted."""
    request.environ.get(WANTED, []).clear()


def _fill(response: Response) -> Response:
    wanted: Refill | None = request.environ.get(_FILL)
    if wanted is None or response.status_code != HTTPStatus.OK or response.is_streamed:
        return response
    kept = wanted.kept
    found = FoundForm.find(response.get_data(), kept.page, kept.action, kept.fields)
    if found is not None:
        response.set_data(found.write(_prepare(found, wanted)))
        request.environ[_FILLED] = True
    return response


def _prepare(found: FoundForm, wanted: Refill) -> str:
    """Fill the form in; return the notice to put above it."""
    fields = wanted.kept.fields
    differences = list_differences(found.form, fields) if wanted.overtaken else ()
    button = found.find_pressed(fields) if wanted.again else {}
    found.fill(fields, overtaken=wanted.overtaken)
    found.mark_files(wanted.notes)
    notice = get_template_attribute("components/form_again.html", "form_again")
    return str(notice(wanted, differences, button))


class _Answer:
    """Status and headers of an answer that is not sent yet."""

    def __init__(self) -> None:
        self.status = ""
        self.headers: list[tuple[str, str]] = []

    def start(self, status: str, headers: list[tuple[str, str]], *_: Any) -> None:
        """Keep them."""
        self.status, self.headers = status, headers

    def pick(self, *names: str) -> list[tuple[str, str]]:
        """Return the headers of these names."""
        return [pair for pair in self.headers if pair[0].lower() in names]


class FillForms:
    """WSGI middleware: in place of an answer of `answer_filled` send the form's page, filled in.

    `pages` answers for the pages of forms.
    """

    def __init__(self, application: Wsgi, pages: Wsgi) -> None:
        self._application = application
        self._pages = pages

    def __call__(self, environ: dict[str, Any], start_response: StartResponse) -> Iterable[bytes]:
        """Answer; only forms that were posted can come back."""
        if environ.get("REQUEST_METHOD") != "POST":
            return self._application(environ, start_response)
        wanted: list[Refill] = []
        answer = _Answer()
        chunks = self._application({**environ, WANTED: wanted}, answer.start)
        # Of several tries to answer the last one counts.
        filled = self._fetch_filled(environ, answer, wanted[-1]) if wanted else None
        if filled is None:
            start_response(answer.status, answer.headers)
            return chunks
        _close(chunks)
        page, data = filled
        kept_back = {"content-length", "set-cookie", "cache-control"}
        headers = [pair for pair in page.headers if pair[0].lower() not in kept_back]
        headers += answer.pick("set-cookie", "retry-after") + page.pick("set-cookie")
        headers += [("Cache-Control", "no-store"), ("Content-Length", str(len(data)))]
        start_response(answer.status, headers)
        return [data]

    def _fetch_filled(
        self, environ: dict[str, Any], answer: _Answer, wanted: Refill
    ) -> tuple[_Answer, bytes] | None:
        page = _Answer()
        asked = _to_get(environ, answer, wanted.kept.page) | {_FILL: wanted}
        chunks = self._pages(asked, page.start)
        try:
            data = b"".join(chunks)
        finally:
            _close(chunks)
        return (page, data) if asked.get(_FILLED) else None


def _to_get(environ: dict[str, Any], answer: _Answer, address: str) -> dict[str, Any]:
    """Build the environment of a GET of an address by the same browser, after an answer."""
    path, _mark, query = address.partition("?")
    path = unquote(path).removeprefix(environ.get("SCRIPT_NAME", ""))
    left_out = ("werkzeug.", "flask.", "CONTENT_", "HTTP_CONTENT_")
    kept = {name: value for name, value in environ.items() if not name.startswith(left_out)}
    cookies = [value for _name, value in answer.pick("set-cookie")]
    return kept | {
        "REQUEST_METHOD": "GET",
        "PATH_INFO": path.encode().decode("latin-1"),
        "QUERY_STRING": query,
        "HTTP_COOKIE": _merge_cookies(environ.get("HTTP_COOKIE", ""), cookies),
        "wsgi.input": BytesIO(),
    }


def _merge_cookies(sent: str, changed: Iterable[str]) -> str:
    pairs = [*sent.split(";"), *(cookie.partition(";")[0] for cookie in changed)]
    cookies = dict(pair.strip().partition("=")[::2] for pair in pairs if pair.strip())
    return "; ".join(f"{name}={value}" for name, value in cookies.items())


def _close(chunks: Iterable[bytes]) -> None:
    close = getattr(chunks, "close", None)
    if close is not None:
        close()
