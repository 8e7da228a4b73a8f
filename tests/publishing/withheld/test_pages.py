"""The register as people use it: entered from a draft, evaluated, exported; nobody else sees it."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from core.clock import today
from core.publishing.models import Publication
from core.publishing.records.service import add_decision
from core.publishing.withheld.models import WithheldItem
from core.tables.lists.source import read_list_file
from core.testing.factories.trees import COUNTY, TOWN, VILLAGE
from core.testing.pages import url_for

INDEX = "publishing_withheld.index"


@pytest.fixture
def draft(town, tree, keeper, values, make):
    """A draft of which it was decided that it is withheld."""
    made = make(
        town, tree.town, keeper, title="某户的秘密", records=False, organ_id=values["organ_id"]
    )
    decided = {
        "nature": "withheld", "ground": "internal", "decided_by": "李主任", "decided_on": today(),
    }  # fmt: skip
    add_decision(town, keeper, made, decided)
    town.commit()
    return made.id


def test_a_withheld_draft_is_entered_evaluated_and_written_anew(client, keeper, draft, town):
    client.sign_in("keeper")
    detail = client.get(url_for("publishing_acts.detail", draft, place=TOWN))
    new = detail.select('//a[contains(@href, "/withheld/new/")]/@href')[0]
    page = client.get(new)
    assert page.select('//input[@name="decided_by"]/@value') == ["李主任"]
    assert "某户的秘密" not in page.text
    fields = {
        "publication": str(draft), "nature": "withheld", "ground": "internal",
        "organ_id": page.select('//select[@name="organ_id"]/option[@selected]/@value')[0],
        "reference": "关于某户低保待遇的处理意见", "decided_by": "李主任",
        "decided_on": today().isoformat(),
        "next_on": (today() + timedelta(days=200)).isoformat(),
    }  # fmt: skip
    wrong = client.post(url_for("publishing_withheld.create", place=TOWN), fields, status=422)
    assert wrong.select('//*[@id="reference-error"]')
    client.post(url_for("publishing_withheld.create", place=TOWN), fields | {"reference": "12号"})
    town.expire_all()
    assert town.get(Publication, draft) is None
    item = town.scalars(select(WithheldItem)).one()
    listed = client.get(url_for(INDEX, place=TOWN))
    assert item.number in listed.text
    assert "某户的秘密" not in listed.text
    show = url_for("publishing_withheld.show", item.id, place=TOWN)
    version = client.get(show).select('//input[@name="version"]/@value')[0]
    said = {"version": version, "ground": "internal", "evaluated_on": today().isoformat()}
    client.post(show, said | {"outcome": "released"}, status=422)
    client.post(show, said | {"outcome": "released", "decided_by": "王主任"})
    town.expire_all()
    assert town.get_one(Publication, item.publication_id).title == ""
    assert item.number not in client.get(url_for(INDEX, place=TOWN)).text
    assert item.number in client.get(url_for(INDEX, place=TOWN, tab="released")).text


def test_the_register_is_exported_and_that_is_recorded(client, item, town):
    town.commit()
    client.sign_in("keeper")
    for kind in ("xlsx", "csv"):
        sent = client.get(url_for("publishing_withheld.export", place=TOWN, format=kind))
        source = read_list_file(sent.data, f"register.{kind}")
        cells = [str(cell) for table in source.tables for row in table for cell in row.cells]
        assert any(item.number in cell for cell in cells), cells


def test_what_is_due_is_on_the_desk(client, item, town, set_clock):
    town.commit()
    set_clock(item.next_on + timedelta(days=1))
    client.sign_in("keeper")
    due = url_for(INDEX, place=TOWN, tab="due")
    assert client.get(url_for("console.home", place=TOWN)).select(f'//a[@href="{due}"]')
    assert item.number in client.get(due).text


def test_nobody_else_sees_the_register(client, item, town, sign_in):
    """Who does not write at the place neither lists nor opens it; villages have none."""
    town.commit()
    show = url_for("publishing_withheld.show", item.id, place=TOWN)
    for person in ("reviewer", "officer", "stranger", "clerk"):
        sign_in(person).get(show, status=403)
        client.get(url_for(INDEX, place=TOWN), status=403)
        client.sign_out()
    sign_in("clerk").get(url_for(INDEX, place=VILLAGE), status=404)
    client.sign_out()
    sign_in("liaison").get(url_for("publishing_withheld.show", item.id, place=COUNTY), status=404)
