"""Check what plugins give, field by field by the types of its class, before it is used."""

from collections.abc import Callable, Hashable, Iterable, Mapping
from dataclasses import dataclass, fields, is_dataclass, replace
from functools import cache
from typing import Any, TypeVar, cast, get_args, get_origin

from flask import current_app
from flask_babel import LazyString

from core.accounts.permissions import is_known
from core.accounts.staff_menu import StaffLink
from core.plugins.api.contributions import AnswerCard, Block, HeadLink
from core.plugins.loading.blueprint import PluginBlueprint

MOST = 50
LONGEST_TEXT = 500
LONGEST_ADDRESS = 2_000
ADDRESSES = ("/", "https://", "http://", "mailto:", "tel:", "#")
ADDRESS_FIELDS = frozenset({"href", "more_url", "url"})
# What a link in the head may be; a style sheet, for one, would change pages of others.
RELATIONS = frozenset({"alternate", "help", "license", "search"})

T = TypeVar("T")


class Nonsense(TypeError):  # noqa: N818 - named for what it reports
    """A plugin gave something else than the hook asks for."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a hook asks for: several of a kind, or one plain value."""

    kind: type
    several: bool = True


def checked(given: Any, wanted: Wanted, plugin: str) -> tuple[Any, ...]:
    """What a plugin gave, as plain data of this kind; raises `Nonsense`."""
    if wanted.kind is type(None) or (given is None and wanted.several):
        return ()
    if wanted.kind is dict:
        return (_words(given),)
    if not wanted.several:
        return (_value(given, wanted.kind, "answer"),)
    found = tuple(_own(_contribution(one, wanted.kind), plugin) for one in _few(given))
    keys = [one.key for one in found if hasattr(one, "key")]
    if len(set(keys)) < len(keys):
        raise Nonsense(f"the same key twice: {sorted(keys)}")
    return found


def _few(given: Any) -> Iterable[Any]:
    """Several things, but not endlessly many; a text is no row of letters here."""
    if isinstance(given, (str, bytes, Mapping)) or not isinstance(given, Iterable):
        raise Nonsense(f"{type(given).__name__} instead of several things")
    for count, one in enumerate(given):
        if count == MOST:
            raise Nonsense(f"more than {MOST} things")
        yield one


def _contribution(given: Any, kind: type[T]) -> T:
    """The same once more, made of exact values: nothing that renders itself, nothing endless."""
    if type(given) is not kind:
        raise Nonsense(f"{type(given).__name__} instead of {kind.__name__}")
    return kind(
        *(
            _checked(getattr(given, name), wanted, name)
            for name, wanted in _shape(cast(Hashable, kind))
        )
    )


@cache
def _shape(kind: Any) -> tuple[tuple[str, Any], ...]:
    """Names and types of a contribution's fields, in the order of its arguments."""
    return tuple((field.name, field.type) for field in fields(kind))


def _checked(value: Any, wanted: Any, name: str) -> Any:
    """The value of a field; what most fields hold, a short text or a number, costs little."""
    if wanted is int and type(value) is int:
        return value
    if wanted is str and type(value) is str and name not in ADDRESS_FIELDS:
        if len(value) <= LONGEST_TEXT:
            return value
        raise Nonsense(f"{name}: a text of {len(value)} characters")
    return _value(value, wanted, name)


def _value(value: Any, wanted: Any, name: str) -> Any:
    if wanted is str:
        return _text(value, name)
    if get_origin(wanted) is tuple:
        return tuple(_value(one, get_args(wanted)[0], name) for one in _few(value))
    if is_dataclass(wanted) and isinstance(wanted, type):
        return _contribution(value, wanted)
    if not isinstance(value, wanted):
        raise Nonsense(f"{name}: {type(value).__name__} instead of {wanted}")
    return value


def _text(value: Any, name: str) -> str:
    if isinstance(value, LazyString):
        value = str(value)
    if not isinstance(value, str):
        raise Nonsense(f"{name}: {type(value).__name__} instead of a text")
    longest = LONGEST_ADDRESS if name in ADDRESS_FIELDS else LONGEST_TEXT
    if len(value) > longest:
        raise Nonsense(f"{name}: a text of {len(value)} characters")
    if name in ADDRESS_FIELDS and value:
        _check_address(value)
    return str.__str__(value)


def _check_address(address: str) -> None:
    if not address.startswith(ADDRESSES) or address.startswith(("//", "/\\")):
        raise Nonsense(f"{address[:80]!r} is no address")


def _own(given: Any, plugin: str) -> Any:
    check = _RULES.get(type(given))
    return check(given, plugin) if check else given


def _key_of_the_plugin(given: Any, plugin: str) -> Any:
    """Keys become ids of a page, which all plugins share."""
    if not given.key or any(character.isspace() for character in given.key):
        raise Nonsense(f"{given.key!r} is no key")
    return replace(given, key=f"{plugin}-{given.key}")


def _harmless_link(given: HeadLink, _plugin: str) -> HeadLink:
    if given.rel not in RELATIONS:
        raise Nonsense(f"a link in the head that is {given.rel!r}")
    return given


def _page_of_the_plugin(given: StaffLink, plugin: str) -> StaffLink:
    """Its address is made once here, where a mistake does no harm."""
    blueprint = current_app.blueprints.get(given.endpoint.partition(".")[0])
    if not isinstance(blueprint, PluginBlueprint) or blueprint.plugin != plugin:
        raise Nonsense(f"the endpoint {given.endpoint!r} is not the plugin's")
    if not is_known(given.action):
        raise Nonsense(f"nobody has declared the permission {given.action!r}")
    current_app.url_for(given.endpoint, code="0")
    return given


_RULES: dict[type, Callable[[Any, str], Any]] = {
    AnswerCard: _key_of_the_plugin,
    Block: _key_of_the_plugin,
    HeadLink: _harmless_link,
    StaffLink: _page_of_the_plugin,
}


def _words(given: Any) -> dict[str, tuple[str, ...]]:
    """Words by word."""
    if not isinstance(given, Mapping):
        raise Nonsense(f"{type(given).__name__} instead of words by word")
    return {
        _text(word, "word"): tuple(_text(other, "word") for other in _few(given[word]))
        for word in _few(list(given))
    }
