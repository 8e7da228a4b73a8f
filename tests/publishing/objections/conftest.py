"""A list of households on the village's page, and those who object to it and decide."""

import pytest

from core.db.scope import Scope, open_session
from core.testing.pages import url_for
from tests.publishing.objections.households import FIRST, FORM, HOUSEHOLDS, TITLE, Desk


@pytest.fixture
def households(app, set_clock, make_public, tree):
    """The id of the list, published on the first day of its period."""
    set_clock(FIRST)
    with open_session(Scope.own(tree.village)) as session:
        values = {"title": TITLE, "list_data": HOUSEHOLDS, "publicity_days": 7}
        return make_public(session, genre="公示", **values).id


@pytest.fixture
def object_to(client, tree):
    """Send an objection over the web; give back the address of the sender's page."""

    def send(number, status=303, place=None, **words):
        address = url_for("messages.send", FORM, number, place=place or tree.village)
        told = {"text": "面积多登了两亩", "phone": "13912345678"} | words
        return client.post(address, data=told, status=status).location

    return send


@pytest.fixture
def desk(client, tree, sign_in):
    return Desk(client, tree, sign_in)
