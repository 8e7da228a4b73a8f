"""Answers of plugins that hold until something changes that they depend on.

A plugin whose manifest says `depends_on="place"` is asked again once a row of the place, of those
above or below has changed, a decision about plugins, or the day, or once a moment has come that
the answer named. A kept answer, "nothing" too, costs a page no thread and no statement.
"""

from collections.abc import Collection, Hashable
from contextlib import suppress
from dataclasses import dataclass
from sqlite3 import Error as SqliteError
from typing import Any

from babel import Locale
from flask import Flask, g, has_request_context, request
from flask.globals import app_ctx
from sqlalchemy.exc import SQLAlchemyError

from core.clock import now_until
from core.db.tree import Tenant
from core.db.versions import EVERYWHERE, SEARCH_INDEX
from core.plugins.activation.cache import activation_cache
from core.plugins.calls.batch import Call
from core.plugins.loading.host import get_host
from core.validity.answers import Validity, current_validity
from core.validity.lru_cache import LruCache
from core.web.access import access_of_page
from core.web.page_cache.front import PlaceNumbers
from core.web.page_cache.keys import LONGEST_CODE
from core.web.page_cache.verdict import page_cache
from core.web.reading.preferences import present_locale
from core.web.site.origin import site_origin

MOST_ANSWERS = 4_000
# By what the things are told apart that hooks are asked about.
_IDENTITIES = {"item": "item_id", "publication": "id"}

Answer = tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class _KeptAnswer:
    """An answer, the numbers under which it was given, and what the plugin said of it."""

    answer: Answer
    stamp: Hashable
    validity: Validity


class PageAnswers:
    """The kept answers that one page may use: those given under the numbers of its places."""

    def __init__(self, app: Flask, numbers: PlaceNumbers, language: str) -> None:
        self._chain, self._known = numbers
        self._decisions = activation_cache(app).now().version
        prefix = site_origin() + request.root_path
        self._page = (self._chain[-1], language, prefix)
        self._now, self._validity = now_until(), current_validity()
        self._plugins = get_host(app).plugins
        self._answers: LruCache[_KeptAnswer] = app.extensions["plugin_answers"]
        self._plain = self._stamp(frozenset(), uses_index=False)

    def find(self, call: Call) -> Answer | None:
        """Return the kept answer to a call if it still holds."""
        key = self._key(call)
        kept = self._answers.get(key) if key is not None else None
        if kept is None or kept.stamp != self._stamp_for(kept.validity):
            return None
        if self._now >= kept.validity.until:
            return None
        if self._validity is not None:
            self._validity.include(kept.validity)
        return kept.answer

    def keep(self, call: Call, answer: Answer, validity: Validity | None) -> None:
        """Keep an answer, unless it depends on more than what is looked at again."""
        key = self._key(call)
        if key is None or validity is None or validity.refusals:
            return
        stamp = self._stamp_for(validity)
        if stamp is not None and not (validity.schedules or validity.counts):
            self._answers.put(key, _KeptAnswer(answer, stamp, validity))

    def _stamp_for(self, validity: Validity) -> Hashable:
        """Return the numbers under which an answer holds; `None` where they do not tell."""
        if not (validity.below or validity.uses_index):
            return self._plain
        if not validity.below.issubset(self._chain):
            return None
        return self._stamp(validity.below, uses_index=validity.uses_index)

    def _stamp(self, below: Collection[int], *, uses_index: bool) -> Hashable:
        known = self._known
        own = tuple([known[place][0] for place in (EVERYWHERE, *self._chain)])
        subtrees = tuple([known[each][1] for each in sorted({self._chain[-1], *below})])
        index = self._known[SEARCH_INDEX] if uses_index else None
        return own, subtrees, index, self._decisions

    def _key(self, call: Call) -> Hashable:
        """Return what a call is told apart by; `None` where it is asked for each time."""
        if self._plugins[call.plugin].manifest.depends_on != "place":
            return None
        if not call.arguments:
            return self._page, call.plugin, call.hook
        things = [_identity(name, value) for name, value in call.arguments.items()]
        return None if None in things else (self._page, call.plugin, call.hook, *things)


def init_kept_answers(app: Flask) -> None:
    """Give the application room for answers of its plugins; before what reads a page's place."""
    app.extensions["plugin_answers"] = LruCache[_KeptAnswer](MOST_ANSWERS)
    app.before_request(_read_numbers)


def _read_numbers() -> None:
    """Read the numbers of a page's place before anything that is shown on it.

    Read later, they could be newer than what a plugin is handed: its answer would be kept under
    numbers of a change that it does not know.
    """
    code = (request.view_args or {}).get("code", "")
    if request.method not in {"GET", "HEAD"} or access_of_page() != "public":
        return
    if code.isdecimal() and len(code) <= LONGEST_CODE:
        with suppress(SqliteError, SQLAlchemyError):  # the page itself says that, if it lasts
            g.place_numbers = page_cache().read_numbers(code)


def find_page_answers(tenant: Tenant) -> PageAnswers | None:
    """Return the answers that this page may use, the same all the while; `None` without a page."""
    if not has_request_context():
        return None
    context = app_ctx._get_current_object()  # type: ignore[attr-defined]  # noqa: SLF001 - the proxy's own method
    known = vars(context.g)
    numbers: PlaceNumbers | None = known.get("place_numbers")
    if numbers is None or numbers.chain != tenant.chain:
        return None
    locale = present_locale()
    asked: tuple[PlaceNumbers, Locale, PageAnswers] | None = known.get("plugin_answers")
    if asked is None or asked[0] is not numbers or asked[1] is not locale:
        page = PageAnswers(context.app, numbers, str(locale))
        asked = known["plugin_answers"] = (numbers, locale, page)
    return asked[2]


def _identity(name: str, value: Any) -> Hashable:
    attribute = _IDENTITIES.get(name)
    return (name, getattr(value, attribute)) if attribute else None
