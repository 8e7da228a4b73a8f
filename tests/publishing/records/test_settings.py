"""A place sets which records it demands, for itself and those below (N3)."""

from core.db.tree import Tenant
from core.publishing.records.rules import RecordDemand
from core.publishing.records.settings import load_demand
from core.testing.factories.trees import COUNTY, TOWN
from core.testing.pages import url_for


def test_a_county_sets_it_and_takes_it_back(sign_in, tree, platform):
    client = sign_in("officer")
    address = url_for("publishing_records.show", place=COUNTY)
    page = client.get(address)
    assert len(page.select('//input[@type="checkbox"][@checked]')) == 4
    version = page.select('//input[@name="version"]/@value')[0]
    client.post(address, {"version": version, "secrecy": ["village"], "act": "save"})
    platform.expire_all()
    demands = [
        load_demand(platform, platform.get_one(Tenant, place.id))
        for place in (tree.county, tree.town, tree.village)
    ]
    assert demands == [RecordDemand.NONE, RecordDemand.NONE, RecordDemand.SECRECY]
    client.post(address, {"version": version, "act": "inherit"}, status=409)  # changed meanwhile
    version = client.get(address).select('//input[@name="version"]/@value')[0]
    client.post(address, {"version": version, "act": "inherit"})
    platform.expire_all()
    town = platform.get_one(Tenant, tree.town.id)
    assert load_demand(platform, town) == RecordDemand.BOTH


def test_only_who_manages_a_place_sets_it(sign_in):
    sign_in("reviewer").get(url_for("publishing_records.show", place=TOWN), status=403)
