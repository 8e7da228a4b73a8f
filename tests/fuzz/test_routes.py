"""Whatever is sent to any address, by whomever, no answer is a server error."""

from random import Random

import pytest

from core.demo.loader import load_demo
from tests.fuzz.routes import RouteMap
from tests.fuzz.world import OFFICER, build_targets, create_officer, sign_in

SEED = 20261130
#: Who sends, to routes of which access; `make soak` sends everything.
SENDERS = (("", ("open", "public", "form")), (OFFICER, ("staff", "form")))


@pytest.mark.both_databases
def test_no_route_answers_odd_values_with_a_server_error(app):
    app.config["WTF_CSRF_ENABLED"] = False
    code = load_demo("127.0.0.1").code
    create_officer(code)
    officer, routes = sign_in(app, OFFICER), RouteMap(app, code)
    routes.walk(officer, "/", f"/{code}/", f"/{code}/console/", *build_targets(officer, code))
    assert routes.list_unknown() == []
    faults = [
        (username, attempt)
        for username, access in SENDERS
        for client in [sign_in(app, username)]
        for attempt in routes.sample(Random(SEED), access, 2)
        if attempt.send(client) >= 500
    ]
    assert faults == []
