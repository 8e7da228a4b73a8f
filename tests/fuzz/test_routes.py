"""Whatever is sent to any address, by whomever, no answer is a server error."""

from io import BytesIO
from random import Random

import pytest

from core.demo.loader import load_demo
from core.testing.factories.office import (
    OLD_DOCUMENT,
    put_office_program,
    restore_office_program,
)
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


def test_no_route_converts_an_old_document_while_somebody_waits(app, tmp_path):
    app.config["WTF_CSRF_ENABLED"] = False
    code = load_demo("127.0.0.1").code
    create_officer(code)
    officer, routes = sign_in(app, OFFICER), RouteMap(app, code)
    routes.walk(officer, "/", f"/{code}/", f"/{code}/console/", *build_targets(officer, code))
    ran = tmp_path / "ran"
    put_office_program(tmp_path, f"touch {ran}")
    try:
        sent = [
            (address, officer.post(address, data=fields | to_files(names)).status_code)
            for address, fields, names in routes.list_uploads()
        ]
    finally:
        restore_office_program()
    assert len(sent) >= 4
    assert [(address, status) for address, status in sent if status >= 500] == []
    assert not ran.exists()


def test_no_form_is_saved_over_what_somebody_else_has_saved_meanwhile(app):
    app.config["WTF_CSRF_ENABLED"] = False
    code = load_demo("127.0.0.1").code
    create_officer(code)
    officer, routes = sign_in(app, OFFICER), RouteMap(app, code)
    routes.walk(officer, "/", f"/{code}/", f"/{code}/console/", *build_targets(officer, code))
    answers = {
        target.rule.endpoint: officer.post(
            routes.to_path(target), data=target.fields | {"version": "0"}
        ).status_code
        for target in routes.list_versions()
    }
    assert len(answers) >= 10
    assert {name: status for name, status in answers.items() if status != 409} == {}


def to_files(names):
    return {name: (BytesIO(OLD_DOCUMENT), "名单.doc") for name in names}
