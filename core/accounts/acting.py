"""Options that commands share: who acts (`--as`), and at which tenant (`--tenant`)."""

import click

from core.accounts.service import get_user, to_actor
from core.db.scope import open_session
from core.db.tree import Tenant
from core.permissions import OPERATOR, Actor
from core.tenancy.service import get_tenant

as_option = click.option("--as", "username", metavar="USER", help="Act as this person.")
tenant_option = click.option("--tenant", "code", required=True, metavar="CODE")


def acting_as(username: str | None) -> Actor:
    """Return the operator, or the person named by `--as` with that person's rights."""
    if username is None:
        return OPERATOR
    with open_session(None) as session:
        return to_actor(session, get_user(session, username))


def get_tenant_by_code(code: str) -> Tenant:
    """Return the tenant of a code; raises `NotFound`."""
    with open_session(None) as session:
        return get_tenant(session, code)
