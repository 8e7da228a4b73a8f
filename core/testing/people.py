"""People with roles, for tests of staff pages."""

from core.accounts.permissions import Actor, Role
from core.accounts.service import actor_of, add_user, give_role
from core.db.scope import open_session
from core.db.tree import Tenant

PASSWORD = "correct horse battery"


def add_person(username: str, role: str, tenant: Tenant) -> Actor:
    """Somebody with a role at a place, who signs in with `PASSWORD`."""
    with open_session(None) as session:
        user = add_user(session, username=username, name=f"{username} 某", password=PASSWORD)
        give_role(session, user, tenant, Role(role))
        session.flush()
        return actor_of(session, user)
