"""Supervisors of a county where the plugin is on."""

import pytest

from core.sdk import Organ, Scope, open_session
from core.testing.factories.people import create_person
from core.testing.factories.plugins import set_policy
from plugins.supervisor_evaluation.tests.factories import make_indicator_set, make_supervisor
from plugins.supervisor_evaluation.tests.offices import NAMES, Office


@pytest.fixture
def county(app, tree):
    """The county, with the plugin on there and below; a busy machine leaves no part out."""
    app.extensions["gongkai"].plugin_call_seconds = 60
    app.extensions["gongkai"].plugin_page_seconds = 120
    set_policy("supervisor_evaluation", tree.county)
    return tree.county


@pytest.fixture
def own(app, county):
    """A session of the county and the places below."""
    with open_session(Scope.subtree(county, "test")) as session:
        yield session


@pytest.fixture
def office(county):
    """The office that runs campaigns in the county, with two departments and eight supervisors."""
    made = Office(county)
    with open_session(Scope.own(county)) as session:
        session.add(make_indicator_set(county))
        for name in ("县水务局", "县民政局"):
            organ = Organ(tenant_id=county.id, name=name, kind="department", phone="0100-5550100")
            session.add(organ)
            session.flush()
            made.organs[name] = organ.id
        for number, name in enumerate(NAMES):
            row = make_supervisor(county, name=name, phone=f"1990000{number:04}")
            session.add(row)
            session.flush()
            made.people.append(row.id)
    return made


@pytest.fixture
def organ_staff(office, county):
    """Somebody who works for the first department only."""
    return create_person("water", "liaison", county, organ_id=office.organs["县水务局"])
