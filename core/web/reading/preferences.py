"""What a reader chooses and the device remembers: language, script, elder mode. No account."""

from dataclasses import dataclass

from babel import Locale
from babel.support import NullTranslations
from flask import Blueprint, Flask, current_app, g, has_request_context, redirect, request
from flask_babel import Babel, Domain, get_locale
from werkzeug.wrappers import Response

from core.web import params
from core.web.access import is_staff_page, open_page
from core.web.reading.traditional import to_traditional
from core.web.site.hosts import is_from_elsewhere
from core.web.urls import safe_next

LOCALES = {lang: Locale.parse(name) for lang, name in (("zh", "zh_Hans_CN"), ("en", "en"))}
CHOICES = {
    "lang": ("zh", "en"),
    "variant": ("hans", "hant"),
    "elder": ("0", "1"),
    "contrast": ("normal", "high"),
}
ONE_YEAR = 365 * 24 * 3600
_CHOSEN = "gongkai.preferences"

blueprint = Blueprint("preferences", __name__)


@dataclass(frozen=True, slots=True)
class Preferences:
    """The choices in force for this request."""

    lang: str
    variant: str
    elder: bool


def preferences() -> Preferences:
    """Read the choices from cookies, once a request; unknown values count as not chosen.

    Staff's pages are never converted: what they show is edited.
    """
    if not has_request_context():  # jobs and commands speak too, without a reader
        return _read_choices()
    found: Preferences | None = request.environ.get(_CHOSEN)
    if found is None:
        found = request.environ[_CHOSEN] = _read_choices()
    return found


def _read_choices() -> Preferences:
    default = "en" if current_app.config["BABEL_DEFAULT_LOCALE"] == "en" else "zh"
    return Preferences(
        lang=_chosen("lang") or default,
        variant="hans" if _is_edited() else _chosen("variant") or "hans",
        elder=_chosen("elder") == "1",
    )


def _is_edited() -> bool:
    return has_request_context() and is_staff_page()


def _chosen(name: str) -> str | None:
    value = request.cookies.get(f"gk_{name}") if has_request_context() else None
    return value if value in CHOICES[name] else None


@blueprint.get("/preferences/")
@open_page
def choose() -> Response:
    """Remember the choices given as parameters and go back to the page.

    A link on somebody else's site chooses nothing.
    """
    back = safe_next(params.text("next", 2_000), request.script_root + "/")
    response = redirect(back)
    if is_from_elsewhere():
        return response
    for name, values in CHOICES.items():
        value = params.word(name, values)
        if value:
            response.set_cookie(
                f"gk_{name}",
                value,
                max_age=ONE_YEAR,
                samesite="Lax",
                httponly=True,
                secure=request.is_secure,
                path=request.script_root + "/",
            )
    return response


def present_locale() -> Locale:
    """Return the language of what is made at present, as `get_locale` does with more effort."""
    known = vars(g._get_current_object())  # noqa: SLF001 - the proxy's own method
    chosen = known.get("_flask_babel")
    locale: Locale | None = getattr(chosen, "babel_locale", None)
    return get_locale() if locale is None else locale


class PageMessages(Domain):  # type: ignore[misc]  # the library is untyped
    """The library's catalogs; that of the present language is remembered beside it.

    A page has dozens of messages that no template can hold, and the library looks for the language
    with each of them.
    """

    def get_translations(self) -> NullTranslations:
        """Return the catalog of the present language, which a job may change."""
        locale = present_locale()
        chosen = g._flask_babel  # noqa: SLF001 - where the library keeps what it knows
        known: tuple[Locale, NullTranslations] | None = getattr(chosen, "messages", None)
        if known is None or known[0] is not locale:
            known = chosen.messages = (locale, super().get_translations())
        return known[1]


def init_preferences(app: Flask, folders: list[str]) -> None:
    """Wire the languages (one catalog folder per feature) and the traditional script."""
    app.config["BABEL_TRANSLATION_DIRECTORIES"] = ";".join(folders)
    babel = Babel(
        app,
        locale_selector=lambda: LOCALES[preferences().lang],
        timezone_selector=lambda: app.config["BABEL_DEFAULT_TIMEZONE"],
    )
    babel.domain_instance = PageMessages()
    app.register_blueprint(blueprint)
    app.after_request(_in_traditional_script)


def _in_traditional_script(response: Response) -> Response:
    """Convert a page where the reader chose 繁體."""
    if response.mimetype != "text/html" or preferences().variant != "hant":
        return response
    if response.direct_passthrough or response.is_streamed:
        return response
    response.set_data(to_traditional(response.get_data(as_text=True)))
    return response
