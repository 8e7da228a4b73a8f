"""Make people with roles, who sign in with one password."""

from core.accounts.service import add_user, find_user, give_role, to_actor
from core.db.scope import open_session
from core.db.tree import Tenant
from core.permissions import Actor, Role

PASSWORD = "correct horse battery"


def create_person(
    username: str, role: str, tenant: Tenant, *more: tuple[str, Tenant], organ_id: int | None = None
) -> Actor:
    """Create a person with a role at a tenant, and more roles; a known person gets the roles.

    With an organ every role is for this organ only.
    """
    with open_session(None) as session:
        user = find_user(session, username)
        if user is None:
            user = add_user(session, username=username, name=f"{username} 某", password=PASSWORD)
        for name, place in ((role, tenant), *more):
            give_role(session, user, place, Role(name), organ_id=organ_id)
        session.flush()
        return to_actor(session, user)
