"""The records in the form of a publication, on its review, and on the form to sign (N2, N3)."""

import pytest
from sqlalchemy import select
from sqlalchemy.orm import object_session

from core.publishing.models import Publication
from core.publishing.records.models import DisclosureDecision, SecrecyReview
from core.publishing.rules import PublicationState
from core.publishing.workflow.drafts import submit
from core.tables.lists.source import read_list_file
from core.testing.factories.trees import TOWN, VILLAGE
from core.testing.pages import url_for
from core.testing.pdf import read_pdf_text
from tests.publishing.records.samples import TYPED


@pytest.fixture
def saved(town, draft):
    town.commit()
    return draft.id


@pytest.fixture
def form(saved, client, writer):
    """The form's address and what it holds, by whoever writes at the township."""
    client.sign_in(writer.name.split()[0])
    address = url_for("publishing_console.edit", saved, place=TOWN)
    page = client.get(address)
    fields = {
        field.get("name"): field.get("value") or field.text or ""
        for field in page.select("//main//input[@name] | //main//textarea[@name]")
        if field.get("type") not in {"checkbox", "radio", "file", "submit"}
    }
    chosen = page.select("//main//select[@name]/option[@selected]")
    fields |= {option.getparent().get("name"): option.get("value") for option in chosen}
    return address, {name: value for name, value in fields.items() if name != "csrf_token"}


def get_row(session, number):
    return session.get_one(Publication, number, populate_existing=True)


def test_what_is_missing_is_said_at_the_fields_and_nothing_typed_is_lost(client, form, town, saved):
    address, fields = form
    sent = fields | {"act": "submit", "secrecy_reviewer": "王保密", "nature_by": "李主任"}
    page = client.post(address, sent, status=422)
    for name in ("secrecy_number", "secrecy_on", "secrecy_result", "nature"):
        assert page.select(f'//*[@id="{name}-error"]'), name
    assert page.select('//input[@name="secrecy_reviewer"]/@value') == ["王保密"]
    assert get_row(town, saved).state == PublicationState.DRAFT
    version = page.select('//input[@name="version"]/@value')[0]
    client.post(address, fields | TYPED | {"act": "submit", "version": version})
    assert get_row(town, saved).state == PublicationState.IN_REVIEW
    assert town.scalars(select(SecrecyReview.reviewer_name)).all() == ["王保密"]


def test_a_draft_is_saved_without_records_and_with_those_that_are_begun(client, form, town, saved):
    address, fields = form
    client.post(address, fields | {"act": "save"})
    assert town.scalars(select(SecrecyReview)).all() == []
    fields["version"] = str(get_row(town, saved).version)
    page = client.post(address, fields | {"act": "save", "nature": "withheld"}, status=422)
    assert page.select('//*[@id="nature_ground-error"]')
    assert page.select('//select[@name="nature"]/option[@selected]/@value') == ["withheld"]
    fields["version"] = page.select('//input[@name="version"]/@value')[0]
    client.post(address, fields | TYPED | {"act": "save"})
    again = client.get(address)
    assert again.select('//input[@name="secrecy_number"]/@value') == [TYPED["secrecy_number"]]
    assert again.select('//select[@name="nature"]/option[@selected]/@value') == ["active"]
    assert len(town.scalars(select(DisclosureDecision)).all()) == 1


def test_names_are_filled_with_the_last_ones_of_the_organ(client, form, draft, make, writer):
    """Numbers and results are read off the form in hand, and never guessed."""
    address, fields = form
    client.post(address, fields | TYPED | {"act": "submit"})
    town = object_session(draft)
    other = make(town, draft.tenant, writer, records=False, organ_id=draft.organ_id)
    town.commit()
    page = client.get(url_for("publishing_console.edit", other.id, place=TOWN))
    assert page.select('//input[@name="secrecy_reviewer"]/@value') == ["王保密"]
    assert page.select('//input[@name="nature_by"]/@value') == ["李主任"]
    assert page.select('//input[@name="secrecy_number"]/@value') == [""]
    assert not page.select('//select[@name="secrecy_result"]/option[@selected]')


def test_a_village_is_not_asked(village, make, sign_in):
    publication = make(village)
    village.commit()
    page = sign_in("clerk").get(url_for("publishing_console.edit", publication.id, place=VILLAGE))
    assert not page.select('//input[@name="secrecy_number"]')


def test_the_reviewer_reads_them_first_and_the_form_to_sign_has_them(
    sign_in, town, draft, writer, add_records
):
    add_records(town, draft)
    submit(town, writer, draft)
    town.commit()
    client = sign_in("officer")
    page = client.get(url_for("publishing_review.review", draft.id, place=TOWN))
    first = '//section[@aria-labelledby="records"][following::div[@class="review__document"]]'
    assert "保审〔2026〕12号" in page.select(first)[0].text_content()
    printed = client.get(url_for("publishing_reviewing.blank_form", draft.id, place=TOWN))
    words = read_pdf_text(printed.data)
    assert "保审〔2026〕12号" in words
    assert "公开属性" in words


def test_the_exported_list_has_the_records(client, town, draft, writer, add_records):
    add_records(town, draft, nature="partly", ground="privacy")
    town.commit()
    client.sign_in(writer.name.split()[0])
    sent = client.get(url_for("publishing_console.export", place=TOWN, format="csv"))
    source = read_list_file(sent.data, "list.csv")
    cells = {cell for table in source.tables for row in table for cell in row.cells}
    assert {"保审〔2026〕12号", "王保密", "2026-04-08", "部分公开", "李主任"} <= cells
