"""Switch plugins at the places of a test, in force at once."""

from core.accounts.permissions import OPERATOR
from core.db.scope import Scope, open_session
from core.db.tree import Tenant
from core.hooks.deciding import decide
from core.hooks.effective import Word


def switch(name: str, tenant: Tenant, word: str = "on") -> None:
    """Say `on`, `off`, `pinned`, `forbidden` or `delegated` about a plugin at a place."""
    with open_session(Scope.platform("test")) as session:
        decide(session, OPERATOR, name, Word(word), [tenant])
