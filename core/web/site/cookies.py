"""The session cookie: only for this program's addresses, and over HTTPS wherever there is any."""

from flask import Flask, Request, current_app, request
from flask.sessions import SecureCookieSession, SecureCookieSessionInterface

from core.settings import Settings
from core.web.site.hosts import is_loopback, requested_name

# Cookies with which an answer is somebody's own, and those of the choices that all pages follow.
REMEMBER_COOKIE = "remember_token"  # as Flask-Login calls it
OWN_COOKIES = ("gk_session", REMEMBER_COOKIE)
CHOICE_COOKIES = ("gk_lang", "gk_variant", "gk_elder", "gk_contrast")


class SessionCookies(SecureCookieSessionInterface):
    """Flask's signed cookies, but `Secure` wherever it was not configured and not on loopback."""

    def open_session(self, app: Flask, request: Request) -> SecureCookieSession | None:
        """Read the session; where no cookie brings one, nothing is made to check signatures."""
        if self.get_cookie_name(app) not in request.cookies:
            return self.session_class()
        return super().open_session(app, request)

    def get_cookie_secure(self, app: Flask) -> bool:
        """Return whether browsers may send the cookie over HTTPS only."""
        configured: bool | None = app.config["SESSION_COOKIE_SECURE"]
        return not is_loopback(requested_name()) if configured is None else configured


def init_cookies(app: Flask, settings: Settings) -> None:
    """Say how sessions are kept. The path keeps them from other applications of the domain."""
    app.session_interface = SessionCookies()
    secure = settings.secure_cookies
    app.config.update(
        SESSION_COOKIE_NAME=OWN_COOKIES[0],
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_PATH=settings.url_prefix or "/",
        SESSION_COOKIE_SECURE=True if secure is None and settings.is_https else secure,
    )


def is_cookie_lost() -> bool:
    """Return whether this browser will not send the session back: it is asked over plain HTTP."""
    interface = current_app.session_interface
    return not request.is_secure and interface.get_cookie_secure(current_app)
