"""What comes in from outside, bounded before any view sees it: paths, parameters, forms, JSON.

Holds for every route of the core and of plugins. What the kinds of fields demand comes on top of it
(`core.web.forms`, `core.web.params`).
"""

from collections.abc import Iterable
from functools import cached_property
from typing import Any

from flask import Flask, Request, abort, request
from werkzeug.datastructures import ImmutableMultiDict, MultiDict
from werkzeug.routing import IntegerConverter

from core.bounds import MOST_NUMBER, drop_unstorable, has_controls
from core.validity.answers import refuse_keeping
from core.web.site.cookies import CHOICE_COOKIES, OWN_COOKIES

LONGEST_PART = 300
_FOLLOWED_COOKIES = frozenset({*CHOICE_COOKIES, *OWN_COOKIES})


class BoundedInteger(IntegerConverter):
    """Numbers of paths: what no database can have as an id is an unknown address."""

    regex = "[0-9]{1,10}"

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **{"max": MOST_NUMBER, **options})


class _NotedValues(ImmutableMultiDict[str, str]):
    """Values of which many are missing, for which the library makes and catches errors."""

    def get(self, key: str, *options: Any, **named: Any) -> Any:
        if key in self:
            return super().get(key, *options, **named)
        return options[0] if options else named.get("default")


class _NotedArgs(_NotedValues):
    """Parameters that know which of them were asked for: an answer depends on no others."""

    def __init__(self, values: Iterable[tuple[str, str]]) -> None:
        super().__init__(values)
        self.asked: set[str] = set()

    def __getitem__(self, key: str) -> str:
        self.asked.add(key)
        return super().__getitem__(key)

    def getlist(self, key: str, *arguments: Any, **options: Any) -> list[Any]:
        self.asked.add(key)
        return super().getlist(key, *arguments, **options)

    def __contains__(self, key: object) -> bool:
        self.asked.add(str(key))
        return super().__contains__(key)

    def lists(self) -> Iterable[tuple[str, list[str]]]:
        self.asked.update(self.keys())
        return super().lists()

    def items(self, multi: bool = False) -> Iterable[tuple[str, str]]:  # type: ignore[override]  # werkzeug's own
        self.asked.update(self.keys())
        return super().items(multi)


class _NotedCookies(_NotedValues):
    """Cookies; an answer that depends on others than those of choices is nobody else's."""

    def __getitem__(self, key: str) -> str:
        self._note(key)
        return super().__getitem__(key)

    def __contains__(self, key: object) -> bool:
        self._note(key)
        return super().__contains__(key)

    def _note(self, key: object) -> None:
        if key not in _FOLLOWED_COOKIES:
            refuse_keeping("reads a cookie")


class IncomingRequest(Request):
    """A request whose parameters, fields and JSON texts can be stored by every database."""

    @cached_property
    def args(self) -> _NotedArgs:
        """The parameters of the address."""
        return _NotedArgs(_clean_pairs(super().args))

    @cached_property
    def cookies(self) -> _NotedCookies:
        """What the browser keeps for this site."""
        return _NotedCookies(super().cookies.items(multi=True))

    def has_unread_args(self) -> bool:
        """Return whether the address has parameters that nothing has asked for."""
        return not self.args.asked.issuperset(self.args.keys())

    def _load_form_data(self) -> None:
        loaded = "form" in self.__dict__
        super()._load_form_data()
        if loaded:
            return
        self.__dict__["form"] = _clean_values(self.__dict__["form"])
        for files in self.__dict__["files"].listvalues():
            for file in files:
                file.filename = drop_unstorable(file.filename or "")

    def get_json(self, force: bool = False, silent: bool = False, cache: bool = True) -> Any:
        """Return the body's JSON, its texts cleaned; one nested too deep is no JSON."""
        try:
            return _clean_json(super().get_json(force=force, silent=silent, cache=cache))
        except RecursionError:
            return None if silent else abort(400)


def init_incoming(app: Flask) -> None:
    """Set the bounds for every route of the application; before any is added."""
    app.request_class = IncomingRequest
    app.url_map.converters["int"] = BoundedInteger
    app.before_request(_refuse_unknown_paths)


def _refuse_unknown_paths() -> None:
    """Answer 404 where a part of the path is nothing that anything could be called."""
    for part in (request.view_args or {}).values():
        if isinstance(part, str) and (has_controls(part) or len(part) > LONGEST_PART):
            abort(404)


def _clean_values(values: MultiDict[str, str]) -> MultiDict[str, str]:
    return type(values)(_clean_pairs(values))


def _clean_pairs(values: MultiDict[str, str]) -> list[tuple[str, str]]:
    pairs = values.items(multi=True)
    return [(drop_unstorable(name), drop_unstorable(text)) for name, text in pairs]


def _clean_json(value: Any) -> Any:
    if isinstance(value, str):
        return drop_unstorable(value)
    if isinstance(value, list):
        return [_clean_json(each) for each in value]
    if isinstance(value, dict):
        return {drop_unstorable(name): _clean_json(each) for name, each in value.items()}
    return value
