"""A feature with data about people: days, visits to them, companions of a visit."""

from datetime import timedelta

import pytest
from flask import current_app

from core.db.base import utc_now
from core.db.migrate import upgrade_database
from core.db.scope import Scope, open_session
from core.testing.factories.trees import load_tree

PLUGIN = """
from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, String, select
from sqlalchemy.orm import Mapped, mapped_column

from core.sdk import (
    Base, DaysAfter, ErasureAction, Manifest, PersonKey, PersonalField, TenantScoped,
    add_personal_fields, mask_name,
)

MANIFEST = Manifest("visits", "1.0", "Visits")


class Day(TenantScoped, Base):
    __tablename__ = "visits_day"
    id: Mapped[int] = mapped_column(primary_key=True)
    ends_at: Mapped[datetime]
    retention_days: Mapped[int]


class Visit(TenantScoped, Base):
    __tablename__ = "visits_visit"
    id: Mapped[int] = mapped_column(primary_key=True)
    day_id: Mapped[int] = mapped_column(ForeignKey("visits_day.id"))
    name: Mapped[str] = mapped_column(String(50))
    phone: Mapped[str] = mapped_column(String(20))
    phone_digest: Mapped[str | None] = mapped_column(String(64))
    wishes: Mapped[dict[str, Any]]
    shown_as: Mapped[str] = mapped_column(String(50))
    account: Mapped[str] = mapped_column(String(64))
    purge_on: Mapped[date | None]
    erased_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column(default=1)
    __mapper_args__ = {"version_id_col": version}


class Guest(TenantScoped, Base):
    __tablename__ = "visits_guest"
    id: Mapped[int] = mapped_column(primary_key=True)
    visit_id: Mapped[int] = mapped_column(ForeignKey("visits_visit.id"))
    name: Mapped[str] = mapped_column(String(50))


DAY = ((Day, Day.id == Visit.day_id),)
END = DaysAfter(Day.ends_at, Day.retention_days, DAY)
OWN = PersonKey(Visit.phone_digest, "visits.phone")
SHORT = DaysAfter(Visit.purge_on, 0)
GUESTS_END = DaysAfter(Day.ends_at, lambda tenant: 1, ((Visit, Visit.id == Guest.visit_id), *DAY))


def guests_of(digest):
    return Guest.visit_id.in_(select(Visit.id).where(Visit.phone_digest == digest))


def of_visit(column, keep=END, **options):
    return PersonalField(
        Visit, column, what=column, basis="to keep the place", kept="180 days", keep=keep,
        person=OWN, **options,
    )


add_personal_fields(
    "visits",
    of_visit("name", stamp="erased_at"),
    of_visit("phone"),
    of_visit("phone_digest"),
    of_visit("wishes", SHORT),
    of_visit("shown_as", action=ErasureAction.MASK, mask=mask_name),
    of_visit("account", action=ErasureAction.DIGEST, purpose="visits.account", on_request=False),
    PersonalField(
        Guest, "name", what="companions", basis="to count", kept="1 day", keep=GUESTS_END,
        action=ErasureAction.DELETE, person=PersonKey(guests_of, "visits.phone"),
    ),
)
"""
MIGRATION = """
from alembic import op

from core.sdk import Base, enforce

revision = "visits_0001"
down_revision = None
branch_labels = ("visits",)
depends_on = None
TABLES = {"visits_day": False, "visits_visit": False, "visits_guest": False}


def upgrade():
    for name in TABLES:
        Base.metadata.tables[name].create(op.get_bind())
    enforce(op.get_bind(), TABLES)
"""


@pytest.fixture
def tree(plugin_factory, settings):
    """The tree, in an application that has the feature."""
    plugin_factory.write("visits", PLUGIN, {"migrations/0001_visits.py": MIGRATION})
    with plugin_factory.application(settings):
        upgrade_database()
        with open_session(None) as session:
            yield load_tree(session)


@pytest.fixture
def visits(tree):
    """The feature's module."""
    return current_app.extensions["plugins"].plugins["visits"].module


@pytest.fixture
def add_visit(visits):
    """Add a visit that is so many days over, with a companion; returns its id."""
    from core.redaction import keyed_digest

    def add(tenant, over, *, days=180, phone="13812345678", purge_on=None):
        with open_session(Scope.own(tenant)) as session:
            day = visits.Day(
                tenant_id=tenant.id, ends_at=utc_now() - timedelta(days=over), retention_days=days
            )
            session.add(day)
            session.flush()
            visit = visits.Visit(
                tenant_id=tenant.id,
                day_id=day.id,
                name="王小明",
                phone=phone,
                phone_digest=keyed_digest("visits.phone", phone),
                wishes={"食物": "清真"},
                shown_as="王小明",
                account="6222020200112233445",
                purge_on=purge_on,
            )
            session.add(visit)
            session.flush()
            session.add(visits.Guest(tenant_id=tenant.id, visit_id=visit.id, name="李华"))
            return visit.id

    return add


@pytest.fixture
def load(visits):
    """Load a visit as it is stored now."""

    def get(tenant, key):
        with open_session(Scope.own(tenant)) as session:
            return session.get_one(visits.Visit, key)

    return get
