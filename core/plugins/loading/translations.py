"""A plugin's own messages: a domain of Flask-Babel, with the core's messages behind it.

Templates below `templates/<name>/` speak through the plugin's catalog by `_("…")` as all do; the
layouts and components that they use keep the core's messages.
"""

from collections.abc import Callable, Iterator
from gettext import NullTranslations
from io import BytesIO
from pathlib import Path
from typing import Any

from babel.support import Translations
from flask import Flask
from flask_babel import Domain, LazyString, get_domain, get_locale
from jinja2 import Environment, pass_eval_context
from jinja2.ext import Extension
from jinja2.lexer import Token, TokenStream
from jinja2.nodes import EvalContext
from markupsafe import Markup

from core.plugins.api.paths import find_plugin_folder

# Every plugin has at least this language; English is the language of the messages themselves.
LOCALE = "zh_Hans_CN"
GETTEXT_NAMES = {"_": "gettext", "gettext": "gettext", "_n": "ngettext", "ngettext": "ngettext"}


class PluginMessage(LazyString):  # type: ignore[misc]  # the library is untyped
    """A message of a plugin that is translated when it is shown."""

    def __init__(self, text: "FeatureText", message: str, variables: dict[str, Any]) -> None:
        super().__init__(text.gettext, message, **variables)
        self.text = text
        self.message = message


class FeatureText(Domain):  # type: ignore[misc]  # the library is untyped
    """Messages of one plugin: `_, _l, _n = text.gettext, text.lazy_gettext, text.ngettext`."""

    def __init__(self, name: str, import_name: str) -> None:
        super().__init__(domain=name)
        self.name = name
        self.folder = find_plugin_folder(import_name)

    def get_translations(self) -> NullTranslations:
        """Load the catalog of the reader's language once; what it lacks is the core's."""
        locale = str(get_locale())
        if locale not in self.cache:
            catalog = _load_catalog(self.folder, self.name, locale)
            catalog.add_fallback(get_domain().get_translations())
            self.cache[locale] = catalog
        found: NullTranslations = self.cache[locale]
        return found

    def gettext(self, message: str, /, **variables: Any) -> str:
        """Translate a message; variables are filled in where there are any."""
        return str(super().gettext(message, **variables))

    def ngettext(self, one: str, many: str, num: int, /, **variables: Any) -> str:
        """Translate a message that depends on a number, which it may name as `%(num)s`."""
        return str(super().ngettext(one, many, num, **variables))

    def lazy_gettext(self, message: str, /, **variables: Any) -> PluginMessage:
        """Translate a message when it is shown."""
        return PluginMessage(self, message, variables)

    def knows(self, message: str) -> bool:
        """Tell whether the plugin's own Chinese catalog has the message."""
        catalog = _load_catalog(self.folder, self.name, LOCALE)
        catalog.add_fallback(_NoTranslations())
        return bool(catalog.gettext(message))

    def ungettext(self, one: str, many: str, num: int) -> str:
        """Translate a message that depends on a number; its variables are not filled in."""
        return self.get_translations().ngettext(one, many, num)


class _NoTranslations(NullTranslations):
    """Behind a catalog: tells what it lacks from a translation that reads as the message."""

    def gettext(self, message: str) -> str:
        """Return nothing, whatever the message."""
        del message
        return ""


def _load_catalog(folder: Path, name: str, locale: str) -> NullTranslations:
    """Load a compiled catalog, or compile a newer source in memory; empty if there is neither."""
    base = folder / "translations" / locale / "LC_MESSAGES" / name
    source, compiled = base.with_suffix(".po"), base.with_suffix(".mo")
    if source.is_file() and not _is_newer(compiled, source):
        return Translations(_compile(source, locale), name)
    return Translations.load(folder / "translations", [locale], name)


def _is_newer(compiled: Path, source: Path) -> bool:
    return compiled.is_file() and compiled.stat().st_mtime >= source.stat().st_mtime


def _compile(source: Path, locale: str) -> BytesIO:
    from babel.messages.mofile import write_mo
    from babel.messages.pofile import read_po

    buffer = BytesIO()
    with source.open("rb") as file:
        write_mo(buffer, read_po(file, locale=locale))
    buffer.seek(0)
    return buffer


def has_catalog(folder: Path, name: str) -> bool:
    """Tell whether a plugin brings its Chinese messages, compiled or not."""
    base = folder / "translations" / LOCALE / "LC_MESSAGES" / name
    return base.with_suffix(".mo").is_file() or base.with_suffix(".po").is_file()


class PluginMessages(Extension):
    """Let `_("…")` in templates below `<plugin>/` use the plugin's catalog."""

    def __init__(self, environment: Environment) -> None:
        super().__init__(environment)
        environment.extend(plugin_messages={})

    def filter_stream(self, stream: TokenStream) -> Iterator[Token]:
        """Rename the functions of a plugin's template, once, when it is compiled."""
        owner = (stream.name or "").partition("/")[0]
        known = owner in self.environment.plugin_messages  # type: ignore[attr-defined]  # see above
        for token in stream:
            if known and token.type == "name" and token.value in GETTEXT_NAMES:
                yield Token(token.lineno, "name", _global_name(owner, GETTEXT_NAMES[token.value]))
            else:
                yield token


def install_messages(app: Flask, text: FeatureText) -> None:
    """Let the plugin's templates use its catalog."""
    environment = app.jinja_env
    if PluginMessages.identifier not in environment.extensions:
        environment.add_extension(PluginMessages)
    environment.plugin_messages[text.name] = text  # type: ignore[attr-defined]  # by the extension
    single = _global_name(text.name, "gettext")
    environment.globals[single] = _single(text.gettext)
    environment.translators[single] = text.gettext  # type: ignore[attr-defined]  # PageEnvironment
    environment.globals[_global_name(text.name, "ngettext")] = _plural(text.ungettext)


def _global_name(plugin: str, function: str) -> str:
    return f"{function}__{plugin}"


def _single(translate: Callable[[str], str]) -> Callable[..., str]:
    @pass_eval_context
    def gettext(context: EvalContext, message: str, /, **variables: Any) -> str:
        return _marked(context, translate(message)) % variables

    return gettext


def _plural(translate: Callable[[str, str, int], str]) -> Callable[..., str]:
    @pass_eval_context
    def ngettext(context: EvalContext, one: str, many: str, num: int, /, **variables: Any) -> str:
        return _marked(context, translate(one, many, num)) % ({"num": num} | variables)

    return ngettext


def _marked(context: EvalContext, message: str) -> str:
    """Mark a message, which is the translator's, as safe; what is put into it is escaped."""
    return Markup(message) if context.autoescape else message  # noqa: S704 - not a user's text
