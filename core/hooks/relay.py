"""The only way to tenant hooks: asks the plugins that are on at a tenant, one by one.

A plugin that fails or gives nonsense is left out of the answer; the caller never sees its error.
"""

from collections.abc import Iterable, Mapping
from typing import Any, TypeVar

from sqlalchemy.orm import Session

from core.accounts.console import StaffLink, Task
from core.accounts.permissions import Actor
from core.db.scope import Scope
from core.db.tree import Tenant
from core.hooks import states
from core.hooks.contributions import (
    AnswerCard,
    Asked,
    Block,
    HeadLink,
    Link,
    Message,
    Problem,
)
from core.hooks.isolation import Call, run
from core.hooks.manager import host_of

T = TypeVar("T")


class TenantHooks:
    """The tenant hooks of the plugins that are on at one tenant."""

    def __init__(self, tenant: Tenant) -> None:
        self._tenant = tenant
        self._host = host_of()
        on = states.in_force(tenant).on
        self._names = [name for name in self._host.plugins if name in on]

    def home_blocks(self, session: Session) -> list[Block]:
        """Blocks of the home page."""
        return _weighed(self._ask("home_blocks", Block, _scope(session)))

    def item_panels(self, session: Session, item: Any) -> list[Block]:
        """Panels of a catalog item's page."""
        return _weighed(self._ask("item_panels", Block, _scope(session), item=item))

    def publication_panels(self, session: Session, publication: Any) -> list[Block]:
        """Panels below a published text."""
        given = self._ask("publication_panels", Block, _scope(session), publication=publication)
        return _weighed(given)

    def nav_links(self) -> list[Link]:
        """Places in the public navigation."""
        return _weighed(self._ask("nav_links", Link))

    def head_links(self) -> list[HeadLink]:
        """Links in the head of public pages."""
        return _weighed(self._ask("head_links", HeadLink))

    def staff_links(self) -> list[StaffLink]:
        """Pages of the staff menu, whoever asks."""
        return [link for _name, links in self._ask("staff_links", StaffLink) for link in links]

    def staff_tasks(self, session: Session, actor: Actor) -> list[Task]:
        """What waits for a person."""
        given = self._ask("staff_tasks", Task, _scope(session), actor=actor)
        return [task for _name, tasks in given for task in tasks]

    def answer_cards(self, session: Session, asked: Asked) -> list[AnswerCard]:
        """Direct answers to a question."""
        return _weighed(self._ask("answer_cards", AnswerCard, _scope(session), asked=asked))

    def search_synonyms(self) -> dict[str, tuple[str, ...]]:
        """Words that mean the same here, of all plugins together."""
        found: dict[str, tuple[str, ...]] = {}
        for _name, given in self._ask("search_synonyms", dict):
            for words in given:
                for word, others in words.items():
                    found[word] = (*found.get(word, ()), *others)
        return found

    def notify(self, message: Message) -> bool:
        """Deliver a message; the first plugin that takes it ends the search."""
        return any(
            taken
            for name in self._names
            for _plugin, answers in self._ask("notify", bool, names=[name], message=message)
            for taken in answers
        )

    def check_config(self, name: str, settings: Mapping[str, Any]) -> list[Problem]:
        """What is wrong with the settings of one plugin, whether it is on or not."""
        given = self._ask("check_config", Problem, names=[name], settings=settings)
        return [problem for _name, problems in given for problem in problems]

    def daily(self, name: str) -> bool:
        """Do one plugin's work of the night; false where it failed."""
        return self._do("daily", name)

    def erase(self, name: str) -> bool:
        """Have one plugin delete what it keeps of the tenant; false where it failed."""
        return self._do("erase", name)

    def _do(self, hook: str, name: str) -> bool:
        scope = Scope.own(self._tenant)
        return bool(self._ask(hook, type(None), scope, names=[name]))

    def _ask(
        self,
        hook: str,
        kind: type[T],
        scope: Scope | None = None,
        *,
        names: Iterable[str] | None = None,
        **given: Any,
    ) -> list[tuple[str, tuple[T, ...]]]:
        """The answers of each plugin that has the hook and did not fail."""
        asked = self._names if names is None else names
        calls = [
            Call(name, hook, found, self._tenant, kind, scope, given)
            for name in asked
            if (found := self._host.implementation(name, hook)) is not None
        ]
        return run(calls)


def _scope(session: Session) -> Scope:
    """The scope of the page's session, in which each plugin gets a session of its own."""
    scope: Scope = session.info["scope"]
    return scope


def _weighed(given: Iterable[tuple[str, tuple[Any, ...]]]) -> list[Any]:
    """All together, by weight and then by the plugin's name."""
    named = [(one.weight, name, one) for name, many in given for one in many]
    return [one for _weight, _name, one in sorted(named, key=lambda each: each[:2])]
