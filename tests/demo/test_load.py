"""The demonstration: loaded once, kept to this machine, open to its sign-ins."""

import pytest
from sqlalchemy import func, select

from core.accounts.models import User
from core.accounts.service import check_password, get_user, to_actor
from core.app import create_app
from core.audit.models import AuditEntry
from core.catalog.domain.upstream import list_upstream_changes
from core.catalog.editing.review import list_revisions
from core.catalog.effective import effective_catalog
from core.db.scope import Scope, open_session
from core.demo.loader import load_demo
from core.demo.sign_ins import DEMO_PASSWORD
from core.errors import Forbidden
from core.permissions import Action, allowed
from core.publishing.models import ItemLink, Publication, PublicationRevision
from core.settings import Settings
from core.tenancy.models import Organ
from core.tenancy.service import find_tenant, get_tenant
from core.web.site.hosts import is_loopback

LOCAL = "127.0.0.1"


@pytest.fixture(scope="module")
def demo(databases, tmp_path_factory):
    """The demonstration, loaded once for the tests that leave it as it is."""
    folder = tmp_path_factory.mktemp("demo")
    with databases.fresh("sqlite", folder) as url:
        settings = Settings(data_dir=folder, database_url=url, secret_key="tests", testing=True)
        application = create_app(settings)
        with application.app_context():
            yield load_demo(LOCAL)
            application.extensions["sqlalchemy"].engine.dispose()


@pytest.fixture
def platform(demo):
    with open_session(Scope.platform("test")) as session:
        yield session


def test_it_holds_a_whole_county(demo):
    assert demo.tenants == 173
    assert demo.catalog_items >= 130
    assert demo.publications >= 160


@pytest.mark.both_databases
def test_it_loads_into_both_databases(app):
    assert load_demo(LOCAL).publications >= 160


def test_a_second_load_changes_nothing(demo, platform):
    def rows():
        # That an import ran is worth recording, even where it found nothing to do.
        acts = select(func.count(AuditEntry.id)).where(AuditEntry.action != "publication.import")
        others = [select(func.count(table.id)) for table in (User, Publication, ItemLink, Organ)]
        revisions = select(func.count(PublicationRevision.id))
        return [platform.scalar(query) for query in (acts, revisions, *others)]

    before = rows()
    platform.commit()
    assert load_demo(LOCAL) == demo
    assert rows() == before


def test_there_is_something_to_decide(demo, platform):
    town = get_tenant(platform, "990101100")
    pending = list_upstream_changes(effective_catalog(platform, town).catalog, "990101100")
    assert [change.id for change in pending] == ["CN-xiangzhen-007:channels"]
    county = get_tenant(platform, "990101")
    assert len(list_revisions(platform, county, state="in_review")) == 1
    states = set(platform.scalars(select(Publication.state)))
    assert states >= {"draft", "in_review", "returned"}


def test_its_people_can_sign_in_and_have_their_rights(demo, platform):
    village = get_tenant(platform, "990101100204")
    for sign_in in demo.sign_ins:
        check_password(platform, sign_in.username, DEMO_PASSWORD, LOCAL)
    clerk = to_actor(platform, get_user(platform, "village-clerk"))
    reviewer = to_actor(platform, get_user(platform, "town-reviewer"))
    assert allowed(clerk, Action.WRITE_PUBLICATION, village)
    assert not allowed(clerk, Action.REVIEW_PUBLICATION, village)
    assert allowed(reviewer, Action.REVIEW_PUBLICATION, village)
    officers = [one for one in demo.sign_ins if one.role == "officer" and one.tenant == "禾川县"]
    assert len(officers) == 2


@pytest.mark.parametrize("host", ["0.0.0.0", "192.168.1.10", "::", "demo.example.gov.cn"])
def test_other_machines_are_kept_out(app, host):
    with pytest.raises(Forbidden):
        load_demo(host)
    with open_session(None) as session:
        assert find_tenant(session, "990101") is None


def test_with_changed_passwords_it_may_be_shown(demo):
    with open_session(Scope.platform("test")) as session:
        users = [get_user(session, sign_in.username) for sign_in in demo.sign_ins]
        before = {user.username: user.password_hash for user in users}
        for user in users:
            user.password_hash = "changed"
    assert load_demo("0.0.0.0") == demo
    with open_session(Scope.platform("test")) as session:
        for username, password_hash in before.items():
            get_user(session, username).password_hash = password_hash


@pytest.mark.parametrize("host", ["127.0.0.1", "127.8.8.8", "::1", "localhost"])
def test_loopback_addresses(host):
    assert is_loopback(host)


def test_the_command_answers_json(gongkai):
    ran = gongkai("demo", "--no-serve", "--json")
    assert ran.status == 0, ran.err
    assert ran.json["tenants"] == 173
    assert ran.json["url"] is None
    refused = gongkai("demo", "--no-serve", "--host", "0.0.0.0", "--json")
    assert refused.status == 1
    assert refused.json["error"]["code"] == "forbidden"


def test_a_pack_is_applied_by_name_and_by_path(gongkai, tmp_path):
    assert gongkai("init").status == 0
    first = gongkai("tenant", "apply", "_national", "--json")
    assert first.json["catalog"]["created"] > 100
    assert gongkai("tenant", "apply", "_national", "--json").json["catalog"]["created"] == 0
    missing = gongkai("tenant", "apply", str(tmp_path), "--json")
    assert missing.status == 1
    assert missing.json["error"]["code"] == "not_found"
