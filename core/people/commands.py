"""`gongkai user …`: accounts, their roles at a node, and why somebody may or may not."""

from datetime import date, datetime
from typing import Any

import click
from sqlalchemy import select
from sqlalchemy.orm import Session

from core.accounts.models import User
from core.accounts.service import add_user, get_user
from core.command import command_errors, json_option, print_result
from core.db.scope import Scope, open_session
from core.db.tree import Tenant
from core.people.explaining import explain
from core.people.listing import HeldRole, PeopleFilters, get_status, list_roles, select_people
from core.people.managing import with_roles
from core.people.service import RoleGrant, close, get_role, grant_role, reopen, reset, revoke
from core.permissions import OPERATOR, Role, is_known
from core.tenancy.domain import NATION_CODE
from core.tenancy.service import get_organ, get_tenant

role_argument = click.argument("role", type=click.Choice([role.value for role in Role]))
tenant_option = click.option("--tenant", "code", required=True, metavar="CODE")
organ_option = click.option("--organ", metavar="NAME", help="For this organ of the tenant only.")


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


@user.command("list")
@click.option("--under", "code", metavar="CODE", help="Of this tenant and those below it.")
@json_option
@command_errors
def list_command(code: str | None, *, as_json: bool) -> None:
    """List accounts with their roles."""
    with open_session(Scope.platform("list people")) as session:
        people = session.scalars(_select(session, code)).all()
        place = get_tenant(session, code) if code else None
        roles = list_roles(session, people, place)
        rows = [_describe(person, roles[person.id]) for person in people]
    lines = [f"{row['login']}  {row['name']}  {row['status']}" for row in rows]
    print_result({"users": rows}, as_json=as_json, text="\n".join(lines))


@user.command("disable")
@click.argument("username")
@json_option
@command_errors
def disable(username: str, *, as_json: bool) -> None:
    """Close an account; its sessions end at once."""
    with open_session(Scope.platform("close an account")) as session:
        person = _get_person(session, username)
        close(session, OPERATOR, _place_of(session, person), person)
    print_result(
        {"username": username, "status": "disabled"}, as_json=as_json, text=f"- {username}"
    )


@user.command("enable")
@click.argument("username")
@json_option
@command_errors
def enable(username: str, *, as_json: bool) -> None:
    """Open a closed account again."""
    with open_session(Scope.platform("open an account")) as session:
        person = _get_person(session, username)
        reopen(session, OPERATOR, _place_of(session, person), person)
        status = get_status(person).value
    print_result({"username": username, "status": status}, as_json=as_json, text=f"+ {username}")


@user.command("reset")
@click.argument("username")
@json_option
@command_errors
def reset_command(username: str, *, as_json: bool) -> None:
    """Take the password away; print a one-time code for choosing another."""
    with open_session(Scope.platform("reset a password")) as session:
        person = _get_person(session, username)
        code = reset(session, OPERATOR, _place_of(session, person), person)
    print_result({"username": username, "code": code}, as_json=as_json, text=code)


@user.command("role")
@click.argument("username")
@role_argument
@tenant_option
@organ_option
@click.option("--until", type=click.DateTime(["%Y-%m-%d"]), help="The last day.")
@json_option
@command_errors
def role_command(  # noqa: PLR0913 - one for each option
    username: str, role: str, code: str, organ: str | None, until: datetime | None, *, as_json: bool
) -> None:
    """Give an account a role at a tenant, or change until when it is held."""
    last = until.date() if until else None
    with open_session(Scope.platform("give a role")) as session:
        node = get_tenant(session, code)
        organ_id = get_organ(session, node, organ).id if organ else None
        person = get_user(session, username)
        grant = RoleGrant(node, Role(role), organ_id, until=last)
        given = grant_role(session, OPERATOR, person, grant)
    body = {"username": username, "role": role, "tenant": code, "given": given}
    held_for = f" ({organ})" if organ else ""
    print_result(body, as_json=as_json, text=f"{username}: {role} @ {code}{held_for}")


@user.command("revoke")
@click.argument("username")
@role_argument
@tenant_option
@organ_option
@json_option
@command_errors
def revoke_command(
    username: str, role: str, code: str, organ: str | None, *, as_json: bool
) -> None:
    """Take a role at a tenant away."""
    with open_session(Scope.platform("take a role away")) as session:
        node = get_tenant(session, code)
        organ_id = get_organ(session, node, organ).id if organ else None
        person = _get_person(session, username)
        held = get_role(session, person, node, Role(role), organ_id)
        revoke(session, OPERATOR, person, held)
    body = {"username": username, "role": role, "tenant": code}
    print_result(body, as_json=as_json, text=f"{username}: - {role} @ {code}")


@user.command("why")
@click.argument("username")
@click.argument("action")
@tenant_option
@json_option
@command_errors
def why(username: str, action: str, code: str, *, as_json: bool) -> None:
    """Say whether somebody may do something at a tenant, and why."""
    if not is_known(action):
        raise click.BadParameter(action, param_hint="ACTION")
    with open_session(Scope.platform("explain a permission")) as session:
        place = get_tenant(session, code)
        found = explain(session, _get_person(session, username), action, place)
    text = "\n".join(["yes" if found.allowed else "no", *found.because])
    body = {"allowed": found.allowed, "because": found.because}
    print_result(body, as_json=as_json, text=text)


def _select(session: Session, code: str | None) -> Any:
    if code:
        return select_people(get_tenant(session, code), PeopleFilters())
    return select(User).options(with_roles()).order_by(User.name, User.id)


def _get_person(session: Session, username: str) -> User:
    """Return an account with its roles; raises `NotFound`."""
    get_user(session, username)
    query = select(User).where(User.username == username).options(with_roles())
    return session.scalars(query).one()


def _place_of(session: Session, person: User) -> Tenant:
    """Return where an act on the account is put on record: its topmost place, else the nation."""
    places = sorted((held.tenant for held in person.memberships), key=lambda one: len(one.path))
    if places:
        return places[0]
    if person.office_id is not None:
        return session.get_one(Tenant, person.office_id)
    return get_tenant(session, NATION_CODE)


def _describe(person: User, roles: list[HeldRole]) -> dict[str, Any]:
    seen = person.last_sign_in_at
    return {
        "name": person.name,
        "login": person.username,
        "status": get_status(person).value,
        "last_sign_in": seen.isoformat() if seen else None,
        "roles": [
            {
                "role": held.role.value,
                "tenant": held.place.division_code,
                "organ": held.organ or None,
                "until": _to_text(held.until),
            }
            for held in roles
        ],
    }


def _to_text(day: date | None) -> str | None:
    return day.isoformat() if day else None
