"""Index numbers (索引号): by the tenant's pattern, consecutive, unique."""

from collections.abc import Mapping
from datetime import date

from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from core.db.transactions import savepoint
from core.db.tree import Tenant
from core.publishing.models import IndexCounter, Publication
from core.publishing.rules import (
    DEFAULT_PATTERN,
    PLAIN_PATTERN,
    Serial,
    build_serial,
    pattern_is_valid,
)
from core.tenancy.models import Organ
from core.tenancy.service import load_chain

AREA_DIGITS = 6


def give_index_number(session: Session, tenant: Tenant, organ: Organ | None, on: date) -> str:
    """Allocate the next index number of an organ, safely under concurrency."""
    return give_index_numbers(session, tenant, organ, on, 1)[0]


def give_index_numbers(
    session: Session, tenant: Tenant, organ: Organ | None, on: date, count: int
) -> list[str]:
    """Allocate `count` index numbers; imported ones in the way are skipped."""
    serial = get_serial(session, tenant, organ, on)
    given: list[str] = []
    while len(given) < count:
        last = raise_counter(session, tenant, serial, count - len(given))
        first = last - (count - len(given)) + 1
        wanted = [serial.number(number) for number in range(first, last + 1)]
        given += [number for number in wanted if number not in _taken(session, tenant, wanted)]
    return given


def get_serial(session: Session, tenant: Tenant, organ: Organ | None, on: date) -> Serial:
    """Return the series of numbers by the pattern of the tenant, or of the nearest above.

    Where a value is missing that the pattern asks for (an organ without a code of its own), the
    place's whole code stands in, so that numbers of different places cannot meet.
    """
    values = _values(tenant, organ, on)
    for pattern in (_pattern(session, tenant), PLAIN_PATTERN):
        serial = build_serial(pattern, values)
        if serial is not None:
            return serial
    raise AssertionError("the plain pattern needs what every tenant has")


def _pattern(session: Session, tenant: Tenant) -> str:
    for node in reversed(load_chain(session, tenant)):
        pattern = node.profile.get("index_number")
        if isinstance(pattern, str) and pattern_is_valid(pattern):
            return pattern
    return DEFAULT_PATTERN


def _values(tenant: Tenant, organ: Organ | None, on: date) -> Mapping[str, str]:
    return {
        "area": tenant.division_code[:AREA_DIGITS],
        "code": tenant.division_code,
        "dept": (organ.index_code if organ else None) or "",
        "uscc": (organ.uscc if organ else None) or "",
        "year": f"{on.year:04}",
        "month": f"{on.month:02}",
    }


def raise_counter(session: Session, tenant: Tenant, serial: Serial, by: int) -> int:
    """Increase the counter in one statement, which locks its row until the transaction ends."""
    raised = _try_to_raise(session, tenant, serial, by)
    if raised is None:
        _begin_counter(session, tenant, serial)
        raised = _try_to_raise(session, tenant, serial, by)
    if raised is None:
        raise AssertionError("a counter does not vanish")
    return raised


def _try_to_raise(session: Session, tenant: Tenant, serial: Serial, by: int) -> int | None:
    statement = (
        update(IndexCounter)
        .where(IndexCounter.tenant_id == tenant.id, IndexCounter.key == serial.key)
        .values(last=IndexCounter.last + by)
        .returning(IndexCounter.last)
        .execution_options(synchronize_session=False)
    )
    return session.execute(statement).scalar_one_or_none()


def _begin_counter(session: Session, tenant: Tenant, serial: Serial) -> None:
    try:
        with savepoint(session):
            session.add(IndexCounter(tenant_id=tenant.id, key=serial.key))
    except IntegrityError:
        return  # another transaction has begun it in the meantime


def _taken(session: Session, tenant: Tenant, numbers: list[str]) -> set[str]:
    query = select(Publication.index_number).where(
        Publication.tenant_id == tenant.id, Publication.index_number.in_(numbers)
    )
    return {number for number in session.scalars(query) if number}
