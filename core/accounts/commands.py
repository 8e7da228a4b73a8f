"""`gongkai user …`: accounts and roles at a node."""

import click

from core.accounts.service import add_user, get_user, give_role
from core.command import command_errors, json_option, print_result
from core.db.scope import open_session
from core.permissions import Role
from core.tenancy.service import get_tenant


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
@json_option
@command_errors
def role_command(username: str, role: str, code: str, *, as_json: bool) -> None:
    """Give an account a role at a tenant."""
    with open_session(None) as session:
        node = get_tenant(session, code)
        given = give_role(session, get_user(session, username), node, Role(role))
    body = {"username": username, "role": role, "tenant": code, "given": given}
    print_result(body, as_json=as_json, text=f"{username}: {role} @ {code}")
