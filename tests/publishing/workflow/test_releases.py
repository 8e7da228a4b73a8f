"""Corrections with a note and a comparison, tombstones, and texts that appear later (N3, N27)."""

from dataclasses import replace
from datetime import timedelta

import pytest

from core.clock import first_moment, local_day, now, today
from core.permissions import OPERATOR
from core.publishing.workflow.drafts import (
    get_working_content,
    open_correction,
    save_content,
    submit,
)
from core.publishing.workflow.releases import list_corrections
from core.publishing.workflow.review import pass_review
from core.publishing.workflow.withdrawal import approve, ask
from core.testing.factories.trees import VILLAGE
from core.testing.pages import url_for

NOINDEX = "//meta[@name='robots']/@content"


@pytest.fixture
def public(village, make_public):
    made = make_public(village, body_source="收入1000元。\n户主张某某。\n支出800元。")
    village.commit()
    return made


@pytest.fixture
def correct(village, public, people, checked):
    def correct(note, **values):
        open_correction(village, people.clerk, public)
        content = replace(get_working_content(village, public), **values)
        save_content(village, people.clerk, public, content, note=note)
        submit(village, people.clerk, public)
        pass_review(village, people.officer, public, checked)
        village.commit()

    return correct


@pytest.mark.both_databases
def test_a_correction_is_told_with_its_note_and_compared(client, village, public, correct):
    show = url_for("publishing.show", public.id, place=VILLAGE)
    assert "更正说明" not in client.get(show).text
    correct("支出多记了100元", body_source="收入1000元。\n户主张某。\n支出700元。")
    page = client.get(show).text
    assert "支出多记了100元" in page
    assert "800元" not in page
    page = client.get(url_for("publishing.corrections", public.id, place=VILLAGE))
    compared = page.text
    assert "800元" in compared
    assert "700元" in compared
    assert page.select(NOINDEX) == ["noindex"]


def test_a_draft_of_a_correction_was_never_public(client, village, public, people, checked):
    open_correction(village, people.clerk, public)
    content = replace(get_working_content(village, public), body_source="从未公开的一稿。")
    save_content(village, people.clerk, public, content, note="内部一稿")
    content = replace(content, body_source="收入1000元。")
    save_content(village, people.clerk, public, content, note="更正收入")
    submit(village, people.clerk, public)
    pass_review(village, OPERATOR, public, checked)
    village.commit()
    compared = client.get(url_for("publishing.corrections", public.id, place=VILLAGE)).text
    assert "从未公开" not in compared
    assert "内部一稿" not in compared
    assert len(list_corrections(village, public)) == 1


def test_what_should_never_have_been_public_is_not_shown_again(client, public, correct):
    correct("删去个人信息", body_source="收入1000元。", hides_comparison=True)
    compared = client.get(url_for("publishing.corrections", public.id, place=VILLAGE)).text
    assert "户主" not in compared
    assert "删去个人信息" in compared


def test_without_a_correction_there_is_no_comparison(client, public):
    client.get(url_for("publishing.corrections", public.id, place=VILLAGE), status=404)


@pytest.mark.parametrize(("ground", "shows_title"), [("mistake", True), ("privacy", False)])
def test_a_withdrawn_text_leaves_a_tombstone(  # noqa: PLR0917 - fixtures and parameters
    client, village, public, people, ground, shows_title
):
    approve(village, people.officer, ask(village, people.clerk, public, "内部说的原因", ground))
    village.commit()
    page = client.get(url_for("publishing.show", public.id, place=VILLAGE), status=410)
    assert page.select(NOINDEX) == ["noindex"]
    page = page.text
    assert public.index_number in page
    assert str(today()) in page
    assert (public.title in page) is shows_title
    assert "内部说的原因" not in page
    assert "1000元" not in page


def test_a_text_appears_at_its_moment_and_not_before(client, village, make_public, set_clock):
    moment = first_moment(today() + timedelta(days=2)) + timedelta(hours=9)
    made = make_public(village, published_at=moment)
    village.commit()
    show = url_for("publishing.show", made.id, place=VILLAGE)
    client.get(show, status=404)
    set_clock(moment - timedelta(minutes=1))
    client.get(show, status=404)
    set_clock(moment + timedelta(minutes=1))
    assert str(local_day(moment)) in client.get(show).text


def test_a_review_that_comes_late_dates_nothing_back(village, make, people, checked, set_clock):
    moment = now() + timedelta(hours=1)
    draft = make(village, published_at=moment)
    submit(village, people.clerk, draft)
    set_clock(moment + timedelta(days=1))
    pass_review(village, people.officer, draft, checked)
    assert draft.published_at >= moment + timedelta(days=1)
