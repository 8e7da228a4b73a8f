"""Validate what plugins return with pydantic before it is used.

Results are built anew from exact values: nothing that renders itself, nothing endless. The schema
of a contribution follows from the fields of its dataclass, and is compiled once.
"""

import datetime as dt
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import fields, is_dataclass, replace
from functools import cache, partial
from itertools import islice
from typing import Any, get_args, get_origin

from flask import current_app
from flask_babel import LazyString
from pydantic_core import (
    CoreSchema,
    PydanticCustomError,
    SchemaValidator,
    ValidationError,
    core_schema,
)

from core.accounts.staff_menu import StaffLink
from core.permissions import is_known
from core.plugins.api.contributions import AnswerCard, Block, HeadLink, MeasuredValue
from core.plugins.calls.result_kinds import (
    LONGEST_ADDRESS,
    LONGEST_TEXT,
    MOST,
    InvalidResult,
    ResultKind,
)
from core.plugins.loading.blueprint import PluginBlueprint

# A path of this site (not `//host`), a part of the page, or one of these schemes.
ADDRESS = r"^(?:$|/(?:$|[^/\\])|https?://|mailto:|tel:|#)"
ADDRESS_FIELDS = frozenset({"href", "more_url", "url"})
# What a link in the head may be; a style sheet, for one, would change pages of others.
RELATIONS = frozenset({"alternate", "help", "license", "search"})


def validate_result(result: Any, expected: ResultKind, plugin: str) -> tuple[Any, ...]:
    """Return what a plugin returned, as plain data of this kind; raises `InvalidResult`."""
    if expected.kind is type(None) or (result is None and expected.is_several):
        return ()
    try:
        validated = _validator(expected).validate_python(result)
    except ValidationError as error:
        raise InvalidResult(_describe(error)) from None
    if expected.kind is dict or not expected.is_several:
        return (validated,)
    check = _RULES.get(expected.kind)
    checked = tuple(check(one, plugin) for one in validated) if check else tuple(validated)
    _require_unique_keys(checked)
    return checked


def _require_unique_keys(contributions: Sequence[Any]) -> None:
    keys = [one.key for one in contributions if hasattr(one, "key")]
    if len(set(keys)) < len(keys):
        raise InvalidResult("the same key twice")


@cache
def _validator(expected: ResultKind) -> SchemaValidator:
    """Compile the schema of a kind of results."""
    if expected.kind is dict:
        words = core_schema.dict_schema(_text(), _several(_text()), max_length=MOST)
        return SchemaValidator(core_schema.no_info_before_validator_function(_mapping, words))
    one = _schema(expected.kind, "answer")
    return SchemaValidator(_several(one, expected.most) if expected.is_several else one)


def _schema(annotation: Any, name: str) -> CoreSchema:
    """Build the schema of a field by its type; which texts are addresses depends on the name."""
    if annotation is str:
        return _address() if name in ADDRESS_FIELDS else _text()
    if get_origin(annotation) is tuple:
        return _several(_schema(get_args(annotation)[0], name))
    if is_dataclass(annotation) and isinstance(annotation, type):
        return _contribution(annotation)
    if annotation is int:
        return core_schema.int_schema(strict=True)
    if annotation is bool:
        return core_schema.bool_schema(strict=True)
    if annotation == dt.date | None:
        return core_schema.nullable_schema(core_schema.date_schema(strict=True))
    raise NotImplementedError(f"no schema for {name}: {annotation}")


def _contribution(kind: type) -> CoreSchema:
    """Build the schema of a dataclass: an instance of exactly this class, built anew."""
    arguments = [
        core_schema.dataclass_field(field.name, _schema(field.type, field.name), kw_only=False)
        for field in fields(kind)
    ]
    names = [field.name for field in fields(kind)]
    schema = core_schema.dataclass_schema(
        kind,
        core_schema.dataclass_args_schema(kind.__name__, arguments),
        names,
        revalidate_instances="always",
        strict=True,
        slots=True,
    )

    def require_exact(value: Any) -> Any:
        if type(value) is not kind:
            raise _error(f"{type(value).__name__} instead of {kind.__name__}")
        return value

    return core_schema.no_info_before_validator_function(require_exact, schema)


def _text() -> CoreSchema:
    schema = core_schema.str_schema(strict=True, max_length=LONGEST_TEXT)
    return core_schema.no_info_before_validator_function(_translate, schema)


def _address() -> CoreSchema:
    schema = core_schema.str_schema(strict=True, max_length=LONGEST_ADDRESS, pattern=ADDRESS)
    return core_schema.no_info_before_validator_function(_translate, schema)


def _several(schema: CoreSchema, most: int = MOST) -> CoreSchema:
    """Build the schema of several things; a text is no row of letters here."""
    several = core_schema.tuple_variable_schema(schema, max_length=most)
    return core_schema.no_info_before_validator_function(partial(_take, most=most), several)


def _translate(value: Any) -> Any:
    """Turn a lazy translation, or a text with a class of its own, into a plain text."""
    if type(value) is str:
        return value
    if isinstance(value, LazyString):
        value = str(value)
    return str.__str__(value) if isinstance(value, str) else value


def _take(value: Any, most: int) -> Any:
    """Take no more than are allowed, and one, of what may be endless."""
    if isinstance(value, (list, tuple)):
        return value
    if isinstance(value, (str, bytes, Mapping)) or not isinstance(value, Iterable):
        raise _error(f"{type(value).__name__} instead of several things")
    return tuple(islice(value, most + 1))


def _mapping(value: Any) -> Any:
    if not isinstance(value, Mapping):
        raise _error(f"{type(value).__name__} instead of words by word")
    return dict(islice(value.items(), MOST + 1))


def _error(message: str) -> PydanticCustomError:
    """Build an error whose message is already written; its braces are no placeholders."""
    return PydanticCustomError("result", "{message}", {"message": message})


def _describe(error: ValidationError) -> str:
    """Describe the first error: the field, and what is wrong with it."""
    first = error.errors(include_url=False)[0]
    value, kind = first["input"], first["type"]
    field = next((f"{part}: " for part in reversed(first["loc"]) if isinstance(part, str)), "")
    if kind == "result":
        return str(first["msg"])
    if kind == "too_long":
        return f"more than {first['ctx']['max_length']} things"
    if kind == "string_too_long":
        return f"{field}a text of {len(value)} characters"
    if kind == "string_pattern_mismatch":
        return f"{field}a text of {len(value)} characters that is no address"
    if kind == "string_type":
        return f"{field}{type(value).__name__} instead of a text"
    return f"{field}{type(value).__name__} instead of {kind.removesuffix('_type')}"


def _prefix_key(contribution: Any, plugin: str) -> Any:
    """Make a key unique on the page, whose ids all plugins share."""
    key = contribution.key
    if not key or any(character.isspace() for character in key):
        raise InvalidResult("key: a text that is empty or has blanks")
    return replace(contribution, key=f"{plugin}-{key}")


def _require_harmless(link: HeadLink, _plugin: str) -> HeadLink:
    if link.rel not in RELATIONS:
        raise InvalidResult(f"rel: none of {', '.join(sorted(RELATIONS))}")
    return link


def _require_own_page(link: StaffLink, plugin: str) -> StaffLink:
    """Check endpoint and permission; build the address once here, where a mistake does no harm."""
    blueprint = current_app.blueprints.get(link.endpoint.partition(".")[0])
    if not isinstance(blueprint, PluginBlueprint) or blueprint.plugin != plugin:
        raise InvalidResult(f"the endpoint {link.endpoint!r} is not the plugin's")
    if not is_known(link.action):
        raise InvalidResult(f"nobody has declared the permission {link.action!r}")
    current_app.url_for(link.endpoint, code="0")
    return link


def _require_countable(value: MeasuredValue, plugin: str) -> MeasuredValue:
    if not value.measure.startswith(f"{plugin}."):
        raise InvalidResult(f"measure: not {plugin}.…")
    if not 0 <= value.reached <= value.of or not value.of:
        raise InvalidResult("reached: not from 0 to `of`, or nothing could be reached")
    if bool(value.organ_id) == bool(value.township_id):
        raise InvalidResult("organ_id, township_id: one of both names the subject")
    return value


_RULES: dict[type, Callable[[Any, str], Any]] = {
    AnswerCard: _prefix_key,
    Block: _prefix_key,
    HeadLink: _require_harmless,
    MeasuredValue: _require_countable,
    StaffLink: _require_own_page,
}
