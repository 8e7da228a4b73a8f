"""Who acts in a command: the operator, or the person named with `--as`."""

import click

from core.accounts.permissions import OPERATOR, Actor
from core.accounts.service import actor_of, get_user
from core.db.scope import open_session

as_option = click.option("--as", "username", metavar="USER", help="Act as this person.")


def acting_as(username: str | None) -> Actor:
    """The operator, or the person named by `--as` with that person's rights."""
    if username is None:
        return OPERATOR
    with open_session(None) as session:
        return actor_of(session, get_user(session, username))
