"""Call plugins so that what they do wrong stays theirs."""

import uuid
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import nullcontext
from dataclasses import dataclass
from typing import Any

import structlog
from pluggy import HookImpl

from core.db.scope import Scope, open_session
from core.db.tree import Tenant
from core.hooks import states

MANY = 50

log = structlog.get_logger("gongkai.plugins")


class Nonsense(TypeError):  # noqa: N818 - named for what it reports
    """A plugin gave something else than the hook asks for."""


@dataclass(frozen=True, slots=True)
class Call:
    """One hook of one plugin at one tenant; with a scope, it gets a session of its own."""

    plugin: str
    hook: str
    implementation: HookImpl
    tenant: Tenant
    kind: type
    scope: Scope | None
    given: Mapping[str, Any]


def run(calls: Sequence[Call]) -> list[tuple[str, tuple[Any, ...]]]:
    """The checked answers of those that did not fail, in order."""
    answers = []
    for call in calls:
        try:
            answers.append((call.plugin, _answer(call)))
        except Exception as error:  # noqa: BLE001 - a plugin's fault never reaches its caller
            _tell(call, error)
    return answers


def _answer(call: Call) -> tuple[Any, ...]:
    function: Callable[..., Any] = call.implementation.function
    opened = open_session(call.scope) if call.scope else nullcontext()
    with opened as session:
        known = {"session": session, "tenant": call.tenant, **call.given}
        given = function(*(known[name] for name in call.implementation.argnames))
        return checked(given, call.kind)


def checked(given: Any, kind: type) -> tuple[Any, ...]:
    """What a plugin gave, if it is what was asked for and not too much."""
    if isinstance(given, kind):
        return (given,)
    if given is None:
        return ()
    if not isinstance(given, Iterable):
        raise Nonsense(f"{type(given).__name__} instead of {kind.__name__}")
    found: list[Any] = []
    for one in given:
        if not isinstance(one, kind):
            raise Nonsense(f"{type(one).__name__} instead of {kind.__name__}")
        if len(found) == MANY:
            raise Nonsense(f"more than {MANY}")
        found.append(one)
    return tuple(found)


def _tell(call: Call, error: Exception) -> None:
    trace = uuid.uuid4().hex[:12]
    log.error(
        "plugin failed",
        plugin=call.plugin, hook=call.hook, tenant=call.tenant.division_code, trace=trace,
        exc_info=error,
    )  # fmt: skip
    states.report_fault(call.plugin, call.tenant, call.hook, error, trace)
