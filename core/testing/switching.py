"""Switch plugins and set them up at the places of a test, in force at once."""

from core.accounts.permissions import OPERATOR
from core.db.scope import Scope, open_session
from core.db.tree import Tenant
from core.plugins.activation.decisions import decide
from core.plugins.activation.rules import Word
from core.plugins.activation.settings import Choice, change_settings


def switch(name: str, tenant: Tenant, word: str = "on") -> None:
    """Say `on`, `off`, `pinned`, `forbidden` or `delegated` about a plugin at a place."""
    with open_session(Scope.platform("test")) as session:
        decide(session, OPERATOR, name, Word(word), [tenant])


def set_up(name: str, tenant: Tenant, **values: str) -> None:
    """Choose settings of a plugin at a place, as they are stored."""
    choices = [Choice(field, value) for field, value in values.items()]
    with open_session(Scope.platform("test")) as session:
        change_settings(session, OPERATOR, name, tenant, choices)
