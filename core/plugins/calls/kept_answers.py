"""Answers of plugins that hold until something changes that they depend on.

A plugin whose manifest says `depends_on="place"` is asked again once a row of the place, of those
above or below has changed, a decision about plugins, or the day, or once a moment has come that
the answer named. A kept answer, "nothing" too, costs a page no thread and no statement.
"""

from collections.abc import Hashable
from contextlib import suppress
from dataclasses import dataclass
from sqlite3 import Error as SqliteError
from typing import Any, cast

from flask import Flask, current_app, g, has_request_context, request
from flask_babel import get_locale
from sqlalchemy.exc import SQLAlchemyError

from core.clock import now_until
from core.db.tree import Tenant
from core.plugins.activation.cache import activation_cache
from core.plugins.calls.batch import Call
from core.plugins.loading.host import get_host
from core.validity.answers import Validity, include_validity
from core.validity.lru_cache import LruCache
from core.web.access import access_of_page
from core.web.page_cache.front import PlaceNumbers
from core.web.page_cache.keys import LONGEST_CODE
from core.web.page_cache.verdict import page_cache
from core.web.site.origin import site_origin

MOST_ANSWERS = 4_000
# By what the things are told apart that hooks are asked about.
_IDENTITIES = {"item": "item_id", "publication": "id"}

Answer = tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class PageFacts:
    """What all answers on a page depend on: which page it is, and the numbers of its places."""

    key: Hashable
    numbers: Hashable


@dataclass(frozen=True, slots=True)
class _KeptAnswer:
    """An answer, the numbers under which it was given, and what the plugin said of it."""

    answer: Answer
    numbers: Hashable
    validity: Validity


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


def find_page_facts(tenant: Tenant) -> PageFacts | None:
    """Read what answers on this page depend on; `None` where no page is read."""
    numbers: PlaceNumbers | None = g.get("place_numbers") if has_request_context() else None
    if numbers is None or numbers.chain != tuple(tenant.chain):
        return None
    language = str(get_locale())
    return PageFacts(
        key=(tenant.id, language, request.script_root, site_origin()),
        numbers=(*numbers, activation_cache().now().version),
    )


def find_answer(call: Call, page: PageFacts | None) -> Answer | None:
    """Return the kept answer to a call if it still holds."""
    key = _key(call, page)
    kept = _answers().get(key) if key is not None else None
    if kept is None or page is None or kept.numbers != page.numbers:
        return None
    if now_until() >= kept.validity.until:
        return None
    include_validity(kept.validity)
    return kept.answer


def keep_answer(
    call: Call, page: PageFacts | None, answer: Answer, validity: Validity | None
) -> None:
    """Keep an answer, unless it depends on more than what is looked at again."""
    key = _key(call, page)
    if key is None or page is None or validity is None or validity.refusals:
        return
    if not (validity.schedules or validity.uses_index or validity.counts or validity.below):
        _answers().put(key, _KeptAnswer(answer, page.numbers, validity))


def _key(call: Call, page: PageFacts | None) -> Hashable:
    """Return what a call is told apart by; `None` where it is asked for each time."""
    if page is None or get_host().plugins[call.plugin].manifest.depends_on != "place":
        return None
    things = [_identity(name, value) for name, value in call.arguments.items()]
    return None if None in things else (page.key, call.plugin, call.hook, *things)


def _identity(name: str, value: Any) -> Hashable:
    attribute = _IDENTITIES.get(name)
    return (name, getattr(value, attribute)) if attribute else None


def _answers() -> LruCache[_KeptAnswer]:
    return cast("LruCache[_KeptAnswer]", current_app.extensions["plugin_answers"])
