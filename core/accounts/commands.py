"""`gongkai user …`: accounts and roles at a node."""

import click

from core.accounts.service import add_user, get_user, give_role
from core.command import command_errors, json_option, print_result
from core.db.scope import Scope, open_session
from core.permissions import Role
from core.tenancy.service import get_organ, get_tenant


@click.group()
def user() -> None:
    """People who sign in."""


@user.command()
@click.argument("username")
@click.option("--name", required=True, help="Name shown beside what the person did.")
@click.option("--password", prompt=True, hide_input=True, confirmation_prompt=True)
@json_option
@command_errors
def add(username: str, name: str, password: str, *, as_json: bool) -> None:
    """Create an account (the password is asked for, or given with --password)."""
    with open_session(None) as session:
        add_user(session, username=username, name=name, password=password)
    print_result({"username": username, "name": name}, as_json=as_json, text=f"+ {username}")


@user.command("role")
@click.argument("username")
@click.argument("role", type=click.Choice([role.value for role in Role]))
@click.option("--tenant", "code", required=True, metavar="CODE")
@click.option("--organ", metavar="NAME", help="For this organ of the tenant only.")
@json_option
@command_errors
def role_command(username: str, role: str, code: str, organ: str | None, *, as_json: bool) -> None:
    """Give an account a role at a tenant, or change for which of its organs it is held."""
    with open_session(Scope.platform("give a role")) as session:
        node = get_tenant(session, code)
        organ_id = get_organ(session, node, organ).id if organ else None
        user = get_user(session, username)
        given = give_role(session, user, node, Role(role), organ_id=organ_id)
    body = {"username": username, "role": role, "tenant": code, "given": given}
    held_for = f" ({organ})" if organ else ""
    print_result(body, as_json=as_json, text=f"{username}: {role} @ {code}{held_for}")
