"""The people of a place and of those below it: listed, narrowed, with their roles, exported."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from sqlalchemy import ColumnElement, Select, exists, func, or_, select
from sqlalchemy.orm import Session

from core.accounts.models import Membership, User
from core.clock import now, today
from core.db.tree import Tenant, below
from core.people.managing import is_of, with_roles
from core.permissions import Role
from core.tenancy.models import Organ
from core.web.paging import Page, paginate

ROWS_ON_A_PAGE = 50


class AccountStatus(StrEnum):
    """What an account is today."""

    ACTIVE = "active"
    INVITED = "invited"
    OVERDUE = "overdue"
    DISABLED = "disabled"


@dataclass(frozen=True, slots=True)
class PeopleFilters:
    """The choice of a reader; empty values narrow nothing."""

    words: str = ""
    status: str = ""
    role: str = ""

    def conditions(self, place: Tenant) -> Iterator[ColumnElement[bool]]:
        """Yield the conditions on accounts."""
        for word in self.words.lower().split():
            named = (func.lower(column) for column in (User.username, User.name))
            yield or_(*(column.contains(word, autoescape=True) for column in named))
        if self.status:
            yield _has_status(AccountStatus(self.status))
        if self.role:
            yield self._has_role(place)

    def _has_role(self, place: Tenant) -> ColumnElement[bool]:
        places = select(Tenant.id).where(below(place.path))
        return exists().where(
            Membership.user_id == User.id,
            Membership.role == Role(self.role),
            Membership.tenant_id.in_(places),
        )


@dataclass(frozen=True, slots=True)
class HeldRole:
    """A role as it is listed."""

    id: int
    place: Tenant
    role: Role
    organ: str
    since: date | None
    until: date | None

    @property
    def is_over(self) -> bool:
        """Whether its last day has passed."""
        return self.until is not None and self.until < today()

    @property
    def is_ahead(self) -> bool:
        """Whether its first day is still to come."""
        return self.since is not None and self.since > today()


def get_status(person: User) -> AccountStatus:
    """Return what an account is today."""
    if not person.active:
        return AccountStatus.DISABLED
    if person.password_hash:
        return AccountStatus.ACTIVE
    waiting = person.code_until is not None and person.code_until > now()
    return AccountStatus.INVITED if waiting else AccountStatus.OVERDUE


def select_people(place: Tenant, filters: PeopleFilters) -> Select[User]:
    """Build the query of the people of a place and below it, by name, with their roles."""
    query = select(User).where(is_of(place), *filters.conditions(place))
    return query.options(with_roles()).order_by(User.name, User.id)


def list_people(session: Session, place: Tenant, filters: PeopleFilters, number: int) -> Page[User]:
    """List one page of the people of a place and below it."""
    return paginate(session, select_people(place, filters), number, ROWS_ON_A_PAGE)


def list_roles(
    session: Session, people: Collection[User], place: Tenant | None = None
) -> dict[int, list[HeldRole]]:
    """Return the roles of people, topmost places first; those at a place or below it, if named."""
    held = [
        each
        for person in people
        for each in person.memberships
        if place is None or each.tenant.path.startswith(place.path)
    ]
    organs = _name_organs(session, [each.organ_id for each in held if each.organ_id is not None])
    found: dict[int, list[HeldRole]] = {person.id: [] for person in people}
    for each in sorted(held, key=lambda one: (len(one.tenant.path), one.tenant.division_code)):
        organ = organs.get(each.organ_id or 0, "")
        role = HeldRole(each.id, each.tenant, Role(each.role), organ, each.since, each.until)
        found[each.user_id].append(role)
    return found


def _name_organs(session: Session, ids: Sequence[int]) -> dict[int, str]:
    if not ids:
        return {}
    query = select(Organ).where(Organ.id.in_(ids))
    return {organ.id: organ.name for organ in session.scalars(query)}


def _has_status(status: AccountStatus) -> ColumnElement[bool]:
    chosen, waiting = User.password_hash != "", User.code_until > now()
    return {
        AccountStatus.DISABLED: User.active.is_(False),
        AccountStatus.ACTIVE: User.active & chosen,
        AccountStatus.INVITED: User.active & ~chosen & waiting,
        AccountStatus.OVERDUE: User.active & ~chosen & (User.code_until.is_(None) | ~waiting),
    }[status]
