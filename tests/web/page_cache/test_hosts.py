"""Names and ports that anybody can make up fill no memory."""

import pytest

from core.db.engine import db
from core.db.tree import Tenant
from core.testing.pages import url_for
from core.web.page_cache.verdict import page_cache

OWN = "xian.gov.example"


@pytest.fixture
def settings(settings):
    configured = {"public_url": "https://www.gov.example:8443", "trusted_hosts": "portal.example"}
    return settings.changed(**configured)


@pytest.fixture
def own_name(app, tree):
    with db.engine.begin() as connection:
        table = Tenant.__table__
        connection.execute(table.update().where(table.c.id == tree.county.id).values(hostname=OWN))


def keep(client, host):
    before = page_cache().size[0]
    client.get(url_for("portal.home"), headers={"Host": host})
    return page_cache().size[0] - before


@pytest.mark.usefixtures("own_name")
@pytest.mark.parametrize(
    "host",
    ["www.gov.example", "WWW.gov.example:8443", "portal.example", "portal.example:443",
     f"{OWN}", f"{OWN}:80"],
)  # fmt: skip
def test_names_that_lead_here_have_pages(client, host):
    assert keep(client, host) == 1


@pytest.mark.usefixtures("tree")
def test_a_known_name_with_any_port_has_none(client):
    for port in (1, 8000, 65535):
        assert keep(client, f"www.gov.example:{port}") == 0


class TestNothingConfigured:
    """Every name is answered then, and none but this machine's own is kept."""

    @pytest.fixture
    def settings(self, settings):
        return settings.changed(public_url="", trusted_hosts="")

    @pytest.mark.usefixtures("tree")
    def test_made_up_names_are_answered_and_not_kept(self, client):
        assert keep(client, "localhost") == 1
        for number in range(20):
            assert keep(client, f"host{number}.example") == 0
        for name in ("me@localhost", "localhost:9", "127.0.0.2", "localhost.", "127.0.0.1:99"):
            assert keep(client, name) == 0
