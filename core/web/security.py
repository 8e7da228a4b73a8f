"""Response headers: nothing inline, nothing from elsewhere, no frames, no copies of private pages.

Pages with personal data are told by what they are, so that a new one is safe by itself: pages of
staff and of signed-in people, answers to forms, pages with a form to fill in, and addresses that
hold a ticket or a token and so open somebody's page.
"""

from flask import Flask, g, request, session
from werkzeug.wrappers import Response

from core.settings import current_settings
from core.web.access import access_of_page
from core.web.site.origin import keep_redirect_local

CONTENT_SECURITY_POLICY = (
    "default-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'none'; "
    "frame-ancestors 'none'; form-action 'self'"
)
NO_SNIFFING = ("X-Content-Type-Options", "nosniff")
#: What each page of this site says, whoever reads it.
SITE_HEADERS = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    NO_SNIFFING[0]: NO_SNIFFING[1],
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    "Cross-Origin-Opener-Policy": "same-origin",
}
ONE_YEAR = 365 * 24 * 3600
STRICT_TRANSPORT = f"max-age={ONE_YEAR}"
# Values of an address that whoever knows them may act with.
CAPABILITIES = frozenset({"ticket", "token"})


def init_security(app: Flask) -> None:
    """Send the headers with every answer that does not bring its own."""
    app.after_request(_add_headers)
    app.teardown_request(_forget_token)


def _add_headers(response: Response) -> Response:
    keep_redirect_local(response)
    headers = response.headers
    for name, value in SITE_HEADERS.items():
        headers.setdefault(name, value)
    if current_settings().is_https:
        headers.setdefault("Strict-Transport-Security", STRICT_TRANSPORT)
    if is_personal():
        headers.setdefault("Cache-Control", "no-store")
    return response


def widen_policy(response: Response, directive: str, *sources: str) -> None:
    """Let one answer take things (`img-src`) from more sources, or be framed by them.

    A directive that allows nothing so far (`'none'`) then allows just these sources.
    """
    parts = [part.split() for part in CONTENT_SECURITY_POLICY.split("; ")]
    for part in parts:
        if part[0] == directive:
            part[:] = [*(word for word in part if word != "'none'"), *sources]
    response.headers["Content-Security-Policy"] = "; ".join(" ".join(part) for part in parts)


def _forget_token(error: BaseException | None) -> None:
    """Ask anew in each request, also where requests share an application context (tests do)."""
    del error
    g.pop("csrf_token", None)


def is_personal() -> bool:
    """Return whether the answer to this request may be kept by nobody but its reader."""
    access = access_of_page()
    if access.startswith("staff:") or "csrf_token" in g:
        return True
    if access == "form" and request.method == "POST":
        return True
    signed_in = session.accessed and "_user_id" in session
    return signed_in or not CAPABILITIES.isdisjoint(request.view_args or ())
