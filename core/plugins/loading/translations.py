"""A plugin's own words: its message catalog, with the core's behind it.

Templates below `templates/<name>/` speak through the plugin's catalog by `_("…")` as all do; the
layouts and components that they use keep the core's words.
"""

import gettext as catalogs
from collections.abc import Callable, Iterator
from copy import copy
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import Any

from flask import Flask
from flask_babel import LazyString, get_domain, get_locale
from jinja2 import Environment, pass_eval_context
from jinja2.ext import Extension
from jinja2.lexer import Token, TokenStream
from jinja2.nodes import EvalContext
from markupsafe import Markup

from core.plugins.api.paths import find_plugin_folder

# Every plugin has at least this language; English is the language of the messages themselves.
LOCALE = "zh_Hans_CN"
SPOKEN = {"_": "gettext", "gettext": "gettext", "_n": "ngettext", "ngettext": "ngettext"}

Catalog = catalogs.NullTranslations


class Words(LazyString):  # type: ignore[misc]  # the library is untyped
    """A text of a plugin that is put into the reader's language when it is shown."""

    def __init__(self, text: "FeatureText", message: str, variables: dict[str, Any]) -> None:
        super().__init__(text.gettext, message, **variables)
        self.text = text
        self.message = message


class FeatureText:
    """The words of one plugin: `_, _l, _n = text.gettext, text.lazy_gettext, text.ngettext`."""

    def __init__(self, name: str, import_name: str) -> None:
        self.name = name
        self.folder = find_plugin_folder(import_name)

    def gettext(self, message: str, /, **variables: Any) -> str:
        """The message in the reader's language."""
        found = self.raw(message)
        return found % variables if variables else found

    def lazy_gettext(self, message: str, /, **variables: Any) -> Words:
        """The same, decided when it is shown."""
        return Words(self, message, variables)

    def ngettext(self, one: str, many: str, num: int, /, **variables: Any) -> str:
        """A message that depends on a number, which it may name as `%(num)s`."""
        return self.raw_n(one, many, num) % ({"num": num} | variables)

    def knows(self, message: str) -> bool:
        """Whether the plugin's own catalog translates the message."""
        catalog = copy(_catalog(self.folder, self.name, LOCALE))
        catalog.add_fallback(_Nothing())
        return bool(catalog.gettext(message))

    def raw(self, message: str) -> str:
        """The message with its variables not filled in: the plugin's word, else the core's."""
        found = self._own().gettext(message)
        if found == message:
            found = get_domain().get_translations().ugettext(message)
        return found

    def raw_n(self, one: str, many: str, num: int) -> str:
        """The same for a message that depends on a number."""
        found = self._own().ngettext(one, many, num)
        if found in {one, many}:
            found = get_domain().get_translations().ungettext(one, many, num)
        return found

    def _own(self) -> Catalog:
        locale = get_locale()
        return _catalog(self.folder, self.name, str(locale)) if locale else Catalog()


class _Nothing(Catalog):
    """Behind a catalog: what it does not know, which may well read as the message itself."""

    def gettext(self, message: str) -> str:
        """Nothing, whatever the message."""
        del message
        return ""


@cache
def _catalog(folder: Path, name: str, locale: str) -> Catalog:
    """The compiled catalog; a newer source is compiled on the way, an unknown language is empty."""
    base = folder / "translations" / locale / "LC_MESSAGES" / name
    compiled, source = base.with_suffix(".mo"), base.with_suffix(".po")
    if source.is_file() and not _is_newer(compiled, source):
        return catalogs.GNUTranslations(_compile(source, locale))
    if compiled.is_file():
        with compiled.open("rb") as file:
            return catalogs.GNUTranslations(file)
    return Catalog()


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
    """Whether a plugin brings its Chinese messages, compiled or not."""
    base = folder / "translations" / LOCALE / "LC_MESSAGES" / name
    return base.with_suffix(".mo").is_file() or base.with_suffix(".po").is_file()


class PluginWords(Extension):
    """Let templates below `<plugin>/` say `_("…")` in the plugin's words."""

    def __init__(self, environment: Environment) -> None:
        super().__init__(environment)
        environment.extend(plugin_words={})

    def filter_stream(self, stream: TokenStream) -> Iterator[Token]:
        """Rename the functions of a plugin's template, once, when it is compiled."""
        owner = (stream.name or "").partition("/")[0]
        known = owner in self.environment.plugin_words  # type: ignore[attr-defined]  # see above
        for token in stream:
            if known and token.type == "name" and token.value in SPOKEN:
                yield Token(token.lineno, "name", _global_name(owner, SPOKEN[token.value]))
            else:
                yield token


def add_words(app: Flask, text: FeatureText) -> None:
    """Let the plugin's templates speak."""
    environment = app.jinja_env
    if PluginWords.identifier not in environment.extensions:
        environment.add_extension(PluginWords)
    environment.plugin_words[text.name] = text  # type: ignore[attr-defined]  # by the extension
    environment.globals[_global_name(text.name, "gettext")] = _single(text.raw)
    environment.globals[_global_name(text.name, "ngettext")] = _plural(text.raw_n)


def _global_name(plugin: str, function: str) -> str:
    return f"{function}__{plugin}"


def _single(raw: Callable[[str], str]) -> Callable[..., str]:
    @pass_eval_context
    def gettext(context: EvalContext, message: str, /, **variables: Any) -> str:
        return _marked(context, raw(message)) % variables

    return gettext


def _plural(raw: Callable[[str, str, int], str]) -> Callable[..., str]:
    @pass_eval_context
    def ngettext(context: EvalContext, one: str, many: str, num: int, /, **variables: Any) -> str:
        return _marked(context, raw(one, many, num)) % ({"num": num} | variables)

    return ngettext


def _marked(context: EvalContext, message: str) -> str:
    """The message is the translator's; what is put into it is escaped."""
    return Markup(message) if context.autoescape else message  # noqa: S704 - not a user's text
