"""Why somebody may do something at a place, or may not: the rules of permissions, in words."""

from collections.abc import Iterator
from dataclasses import dataclass

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from core.accounts.labels import ROLE_LABELS
from core.accounts.models import User
from core.db.tree import Tenant
from core.people.listing import HeldRole, list_roles
from core.permissions import Actor, Held, OrganScope, organ_scope


@dataclass(frozen=True, slots=True)
class Explanation:
    """Whether somebody may, and a sentence for each role that speaks for or against it."""

    allowed: bool
    because: list[str]


def explain(session: Session, person: User, action: str, place: Tenant) -> Explanation:
    """Explain what one of a person's roles after the other says of an action at a place."""
    if not person.active:
        return Explanation(False, [_("The account is closed.")])
    organs = {held.id: held.organ_id for held in person.memberships}
    allowed, because = False, []
    for held in list_roles(session, [person])[person.id]:
        scope = _scope_of(held, organs[held.id], action, place)
        allowed = allowed or bool(scope)
        because.append(_sentence(held, scope, place))
    return Explanation(allowed, because or [_("The person holds no role.")])


def _scope_of(held: HeldRole, organ_id: int | None, action: str, place: Tenant) -> OrganScope:
    if held.is_over or held.is_ahead:
        return OrganScope()
    actor = Actor(None, "", (Held(held.role, held.place.path, organ_id),))
    return organ_scope(actor, action, place)


def _sentence(held: HeldRole, scope: OrganScope, place: Tenant) -> str:
    role = f"{held.place.name} · {ROLE_LABELS[held.role]}"
    return f"{role}: {'; '.join(_reasons(held, scope, place))}"


def _reasons(held: HeldRole, scope: OrganScope, place: Tenant) -> Iterator[str]:
    if held.is_over:
        yield _("over since %(day)s", day=held.until)
    elif held.is_ahead:
        yield _("from %(day)s", day=held.since)
    elif scope.everything:
        yield _("allows it")
    elif scope:
        yield _("allows it for %(organ)s only", organ=held.organ)
    elif not place.path.startswith(held.place.path):
        yield _("is held elsewhere")
    elif held.place.id != place.id:
        yield _("does not reach down so far")
    else:
        yield _("does not include it")
