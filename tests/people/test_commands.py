"""`gongkai user …`: accounts and roles from the command line, and why somebody may."""

import json

import pytest
from click.testing import CliRunner

from core.accounts.service import find_user
from core.audit.models import AuditEntry
from core.clock import today
from core.db.scope import Scope, open_session
from core.people.codes import has_code
from core.people.commands import user
from core.permissions import Role
from core.tenancy.service import ensure_organ
from core.testing.factories.people import create_person

pytestmark = pytest.mark.both_databases


@pytest.fixture
def run(app):
    """Run `gongkai user …` with --json; return what it answers."""

    def invoke(*arguments, status=0):
        result = CliRunner().invoke(user, [*arguments, "--json"])
        assert result.exit_code == status, result.output
        return json.loads(result.stdout) if status < 2 else None

    return invoke


def test_a_role_is_given_until_a_day_listed_and_revoked(run, tree):
    create_person("li", Role.CLERK, tree.village)
    run("role", "li", "liaison", "--tenant", "990111", "--until", str(today()))
    listed = run("list", "--under", "990111")["users"]
    assert listed == [
        {
            "name": "li 某",
            "login": "li",
            "status": "active",
            "last_sign_in": None,
            "roles": [
                {"role": "liaison", "tenant": "990111", "organ": None, "until": str(today())},
                {"role": "clerk", "tenant": "990111100201", "organ": None, "until": None},
            ],
        }
    ]
    assert run("list", "--under", "990112")["users"] == []
    run("revoke", "li", "liaison", "--tenant", "990111")
    run("revoke", "li", "liaison", "--tenant", "990111", status=1)
    assert len(run("list")["users"][0]["roles"]) == 1


def test_an_account_is_disabled_enabled_and_reset_on_record(run, tree):
    create_person("li", Role.CLERK, tree.village)
    assert run("disable", "li") == {"username": "li", "status": "disabled"}
    run("reset", "li", status=1)
    assert run("enable", "li")["status"] == "active"
    assert len(run("reset", "li")["code"]) == 14
    run("disable", "nobody", status=1)
    with open_session(Scope.platform("test")) as session:
        assert has_code(find_user(session, "li"))
        acts = [entry.action for entry in session.query(AuditEntry).order_by(AuditEntry.id)]
    assert acts == ["people.close", "people.open", "people.reset"]


def test_it_is_explained_why_somebody_may(run, tree):
    with open_session(Scope.own(tree.county)) as session:
        bureau = ensure_organ(session, tree.county, "甲县民政局")
    create_person("li", Role.LIAISON, tree.county, organ_id=bureau.id)
    create_person("wang", Role.OFFICER, tree.county)
    found = run("why", "li", "write_publication", "--tenant", "990111")
    assert found["allowed"]
    assert "甲县民政局" in found["because"][0]
    assert not run("why", "li", "manage_people", "--tenant", "990111")["allowed"]
    below = run("why", "wang", "write_publication", "--tenant", "990111100201")
    assert below["allowed"] is False
    assert len(below["because"]) == 1
    assert run("why", "wang", "manage_people", "--tenant", "990111100201")["allowed"]
    elsewhere = run("why", "wang", "manage_people", "--tenant", "990112")
    assert not elsewhere["allowed"]
    run("why", "wang", "fly", "--tenant", "990112", status=2)
