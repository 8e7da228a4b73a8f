"""The only way to tenant hooks: asks the plugins that are on at a tenant, one by one.

A plugin that fails or gives nonsense is left out of the answer; the caller never sees its error.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from operator import itemgetter
from typing import Any

from sqlalchemy.orm import Session

from core.accounts.staff_menu import StaffLink, Task
from core.db.scope import Scope
from core.db.tree import Tenant
from core.permissions import Actor
from core.plugins.activation import enabled
from core.plugins.api.contributions import (
    AnswerCard,
    Asked,
    Block,
    HeadLink,
    Link,
    MeasuredValue,
    Message,
    Problem,
)
from core.plugins.calls.batch import Call
from core.plugins.calls.result_kinds import ResultKind
from core.plugins.calls.runner import run
from core.plugins.loading.host import get_host

# Of one plugin: ten measures of every organ and township of a large county.
MOST_MEASURED = 5_000


class TenantHooks:
    """The tenant hooks of the plugins that are on at one tenant."""

    def __init__(self, tenant: Tenant) -> None:
        self._tenant = tenant
        self._host = get_host()
        on = enabled.list_enabled(tenant)
        self._names = [name for name in self._host.plugins if name in on]

    def home_blocks(self, session: Session) -> list[Block]:
        """Blocks of the home page."""
        return _shown(self._ask("home_blocks", Block, session))

    def item_panels(self, session: Session, item: Any) -> list[Block]:
        """Panels of a catalog item's page."""
        return _shown(self._ask("item_panels", Block, session, item=item))

    def publication_panels(self, session: Session, publication: Any) -> list[Block]:
        """Panels below a published text."""
        return _shown(self._ask("publication_panels", Block, session, publication=publication))

    def page_links(self) -> tuple[list[Link], list[HeadLink]]:
        """Places in the public navigation, and links in the head, asked for in one go."""
        calls = [*self._calls("nav_links", Link), *self._calls("head_links", HeadLink)]
        nav: list[tuple[str, list[Link]]] = []
        head: list[tuple[str, list[HeadLink]]] = []
        for name, found in run(self._tenant, calls):
            if found:
                nav.append((name, [one for one in found if isinstance(one, Link)]))
                head.append((name, [one for one in found if isinstance(one, HeadLink)]))
        return _weighed(nav), _weighed(head)

    def staff_links(self) -> list[StaffLink]:
        """Pages of the staff menu, whoever asks."""
        return [link for _name, links in self._ask("staff_links", StaffLink) for link in links]

    def staff_tasks(self, session: Session, actor: Actor) -> list[Task]:
        """List what waits for a person."""
        given = self._ask("staff_tasks", Task, session, actor=actor)
        return [task for _name, tasks in given for task in tasks]

    def answer_cards(self, session: Session, asked: Asked) -> list[AnswerCard]:
        """Direct answers to a question, of the plugins that it concerns."""
        plugins = self._host.plugins
        names = [name for name in self._names if asked.concerns(plugins[name].manifest.questions)]
        return _weighed(self._ask("answer_cards", AnswerCard, session, names=names, asked=asked))

    def search_synonyms(self) -> dict[str, tuple[str, ...]]:
        """Words that mean the same here, of all plugins together."""
        found: dict[str, tuple[str, ...]] = {}
        for _name, given in self._ask("search_synonyms", dict):
            for words in given:
                for word, others in words.items():
                    found[word] = (*found.get(word, ()), *others)
        return found

    def notify(self, message: Message) -> str | None:
        """Deliver a message; the name of the first plugin that takes it."""
        for call in self._calls("notify", bool, several=False, message=message):
            if run(self._tenant, [call]) == [(call.plugin, (True,))]:
                return call.plugin
        return None

    def can_notify(self) -> bool:
        """Return whether any plugin that is on carries messages."""
        return not self._host.implementations("notify").keys().isdisjoint(self._names)

    def check_config(self, name: str, settings: Mapping[str, Any]) -> list[Problem]:
        """List what is wrong with the settings of one plugin, whether it is on or not."""
        calls = self._calls("check_config", Problem, names=[name], settings=settings)
        return [problem for _name, problems in run(self._tenant, calls) for problem in problems]

    def objective_measures(self, session: Session, first: date, last: date) -> list[MeasuredValue]:
        """List what was counted of organs and townships, of all plugins that are on."""
        calls = self._calls(
            "objective_measures", ResultKind(MeasuredValue, most=MOST_MEASURED),
            scope=_scope(session), first=first, last=last,
        )  # fmt: skip
        return [value for _name, values in run(self._tenant, calls) for value in values]

    def daily(self, name: str) -> bool:
        """Do one plugin's work of the night; false where it has none, or failed."""
        return self._do("daily", name)

    def demo(self) -> None:
        """Have every plugin that is on put in something to see."""
        for name in self._names:
            self._do("demo", name)

    def erase(self, name: str) -> bool:
        """Have one plugin delete what it keeps of the tenant; false where it did not."""
        return self._do("erase", name)

    def _do(self, hook: str, name: str) -> bool:
        scope = Scope.own(self._tenant)
        calls = self._calls(hook, type(None), names=[name], several=False, scope=scope)
        return bool(run(self._tenant, calls))

    def _ask(
        self, hook: str, kind: type, session: Session | None = None, **given: Any
    ) -> list[tuple[str, tuple[Any, ...]]]:
        """Return the results of each plugin that has the hook and did not fail."""
        scope = _scope(session) if session else None
        return run(self._tenant, self._calls(hook, kind, scope=scope, **given))

    def _calls(
        self,
        hook: str,
        kind: type | ResultKind,
        *,
        names: Iterable[str] | None = None,
        several: bool = True,
        scope: Scope | None = None,
        **given: Any,
    ) -> list[Call]:
        """One call for each plugin that has the hook."""
        result_kind = kind if isinstance(kind, ResultKind) else ResultKind(kind, several)
        implementations = self._host.implementations(hook)
        return [
            Call(name, hook, found, result_kind, scope, given)
            for name in (self._names if names is None else names)
            if (found := implementations.get(name)) is not None
        ]


def _shown(given: Iterable[tuple[str, tuple[Block, ...]]]) -> list[Block]:
    """Blocks that have something to show, or say why they have nothing."""
    return [block for block in _weighed(given) if block.entries or block.empty]


def _scope(session: Session) -> Scope:
    """Return the scope of the page's session, in which each plugin gets a session of its own."""
    scope: Scope = session.info["scope"]
    return scope


def _weighed(given: Iterable[tuple[str, Sequence[Any]]]) -> list[Any]:
    """All together, by weight and then by the plugin's name."""
    named = [(one.weight, name, one) for name, many in given for one in many]
    named.sort(key=itemgetter(0, 1))
    return [one for _weight, _name, one in named]
