"""What was typed outlives a lost session: the page of the form is answered again, filled in.

A form that stands open for long loses its session, its token, or both. A view then answers with
`answer_filled`: the middleware fetches the page on which the form stood, once that request is over
and with its cookies, and fills it in. Nothing is stored on the server. Files and passwords are not
kept.
"""

import json
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass
from http import HTTPStatus
from io import BytesIO
from typing import Any
from urllib.parse import unquote, urlsplit

from flask import Response, get_template_attribute, make_response, render_template, request

from core.web.forms.filling import fill_form
from core.web.urls import safe_next

_FILL = "gongkai.fill"
_NOT_KEPT = ("csrf_token", "password")
MOST_KEPT = 4_000_000

StartResponse = Callable[..., Any]
Wsgi = Callable[[dict[str, Any], StartResponse], Iterable[bytes]]


@dataclass(frozen=True, slots=True)
class KeptForm:
    """A form as it was posted: the page on which it stood, its address, its fields."""

    page: str
    action: str
    fields: tuple[tuple[str, str], ...]

    def to_text(self) -> str:
        """Write it, for a hidden field."""
        return json.dumps(asdict(self), ensure_ascii=False)


def keep_form() -> KeptForm:
    """Keep the form that this request posts."""
    action = request.script_root + request.path
    return KeptForm(_find_page() or action, action, tuple(list_typed()))


def read_kept(text: str) -> KeptForm | None:
    """Read what `to_text` wrote; `None` where it is nothing of ours."""
    try:
        found = json.loads(text)
        fields = tuple((str(name), str(value)) for name, value in found["fields"])
        page, action = safe_next(str(found["page"]), ""), safe_next(str(found["action"]), "")
    except (KeyError, RecursionError, TypeError, ValueError):
        return None
    return KeptForm(page, action, fields) if page and action else None


def list_typed() -> list[tuple[str, str]]:
    """List the fields of a posted form, for sending them again; passwords are typed anew."""
    if request.method != "POST":
        return []
    return [
        (name, value)
        for name, value in request.form.items(multi=True)
        if not any(part in name for part in _NOT_KEPT)
    ]


def has_files() -> bool:
    """Return whether files came along, which cannot be kept."""
    return any(file.filename for file in request.files.values())


def was_sent_here() -> bool:
    """Return whether a page of this site sent the form: what others send is not put into one."""
    site = request.headers.get("Sec-Fetch-Site")
    if site is not None:
        return site == "same-origin"
    sender = request.headers.get("Origin") or request.headers.get("Referer") or ""
    return urlsplit(sender).netloc == request.host


def answer_filled(kept: KeptForm, message: str) -> Response:
    """Answer with the page of the form, filled in; where that is gone, with a page to send it."""
    notice = get_template_attribute("components/feedback.html", "notice")
    request.environ[_FILL] = (kept, str(notice(message, tone="warn")))
    response = make_response(
        render_template("errors/kept.html", kept=kept, message=message, files=has_files())
    )
    response.headers["Cache-Control"] = "no-store"
    return response


def _find_page() -> str:
    """Return the address of the page on this site on which the posted form stood, if known."""
    sender = urlsplit(request.headers.get("Referer") or "")
    if sender.netloc != request.host or not sender.path.startswith(request.script_root + "/"):
        return ""
    return safe_next(sender.path + (f"?{sender.query}" if sender.query else ""), "")


class _Answer:
    """Status and headers of an answer that is not sent yet."""

    def __init__(self) -> None:
        self.status = ""
        self.headers: list[tuple[str, str]] = []

    def start(self, status: str, headers: list[tuple[str, str]], *_: Any) -> None:
        """Keep them."""
        self.status, self.headers = status, headers

    def pick(self, name: str) -> list[str]:
        """Return the values of a header."""
        return [value for key, value in self.headers if key.lower() == name]


class FillForms:
    """WSGI middleware: in place of an answer of `answer_filled` send the form's page, filled in."""

    def __init__(self, application: Wsgi) -> None:
        self._application = application

    def __call__(self, environ: dict[str, Any], start_response: StartResponse) -> Iterable[bytes]:
        """Answer; only forms that were posted can come back."""
        if environ.get("REQUEST_METHOD") != "POST":
            return self._application(environ, start_response)
        answer = _Answer()
        chunks = self._application(environ, answer.start)
        wanted = environ.pop(_FILL, None)
        filled = self._fetch_filled(environ, answer, *wanted) if wanted else None
        if filled is None:
            start_response(answer.status, answer.headers)
            return chunks
        _close(chunks)
        page, data = filled
        kept_back = {"content-length", "set-cookie", "cache-control"}
        headers = [pair for pair in page.headers if pair[0].lower() not in kept_back]
        cookies = answer.pick("set-cookie") + page.pick("set-cookie")
        headers += [("Set-Cookie", cookie) for cookie in cookies]
        headers += [("Cache-Control", "no-store"), ("Content-Length", str(len(data)))]
        start_response(answer.status, headers)
        return [data]

    def _fetch_filled(
        self, environ: dict[str, Any], answer: _Answer, kept: KeptForm, notice: str
    ) -> tuple[_Answer, bytes] | None:
        page = _Answer()
        chunks = self._application(_to_get(environ, answer, kept.page), page.start)
        try:
            data = b"".join(chunks)
        finally:
            _close(chunks)
        if not page.status.startswith(str(HTTPStatus.OK.value)):
            return None
        filled = fill_form(data, kept.page, kept.action, kept.fields, notice)
        return (page, filled) if filled is not None else None


def _to_get(environ: dict[str, Any], answer: _Answer, address: str) -> dict[str, Any]:
    """Build the environment of a GET of an address by the same browser, after an answer."""
    parts = urlsplit(address)
    path = unquote(parts.path).removeprefix(environ.get("SCRIPT_NAME", ""))
    left_out = ("werkzeug.", "flask.", "CONTENT_", "HTTP_CONTENT_")
    kept = {name: value for name, value in environ.items() if not name.startswith(left_out)}
    return kept | {
        "REQUEST_METHOD": "GET",
        "PATH_INFO": path.encode().decode("latin-1"),
        "QUERY_STRING": parts.query,
        "HTTP_COOKIE": _merge_cookies(environ.get("HTTP_COOKIE", ""), answer.pick("set-cookie")),
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
