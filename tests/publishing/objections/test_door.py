"""Who may object to a list, until when, and what the public reads of it (N22, N23, N32)."""

from datetime import date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.clock import zone
from core.publishing.objections.domain.terms import (
    DEFAULT_ANSWER_DAYS,
    ObjectionTerms,
    ObjectionWindow,
    OtherWay,
    find_window,
    fold_terms,
    list_other_ways,
    read_terms,
)
from core.testing.pages import url_for
from tests.publishing.objections.households import (
    FIRST,
    FORM,
    LAST,
    TITLE,
    change,
    load_cases,
)

DAYS = st.dates(date(2020, 1, 1), date(2030, 12, 31))


@given(DAYS, DAYS)
def test_the_last_day_counts_and_the_next_one_does_not(until, day):
    """N32: an objection is taken on each day of the period and on no day after it."""
    window = find_window(is_live=True, until=until, day=day)
    assert (window is ObjectionWindow.OPEN) == (day <= until)
    assert find_window(is_live=False, until=until, day=day) is ObjectionWindow.NONE
    assert find_window(is_live=True, until=None, day=day) is ObjectionWindow.NONE


@given(st.lists(st.builds(ObjectionTerms, office=st.sampled_from(["", "甲站", "乙站"]),
                          phone=st.sampled_from(["", "0999-5551000"]),
                          answer_days=st.sampled_from([None, 3, 7])), max_size=4))  # fmt: skip
def test_contacts_of_two_levels_are_never_mixed(levels):
    folded = fold_terms(levels)
    pairs = {(each.office, each.phone) for each in levels} | {("", "")}
    assert (folded.office, folded.phone) in pairs
    said = [each.answer_days for each in levels if each.answer_days]
    assert folded.answer_days == (said[0] if said else DEFAULT_ANSWER_DAYS)


@pytest.mark.parametrize("stored", [None, [], "7", {"answer_days": "7"}, {"answer_days": 0}])
def test_what_makes_no_sense_says_nothing(stored):
    assert not read_terms(stored)


def test_a_village_s_list_is_no_administrative_act():
    """N22: a village has the township above it, and 行政复议 belongs to administrative organs."""
    assert list_other_ways(is_village=True, organ_kind="committee") == [
        OtherWay.TOWNSHIP, OtherWay.PETITION, OtherWay.DISCIPLINE
    ]  # fmt: skip
    county = list_other_ways(is_village=False, organ_kind="department")
    assert OtherWay.RECONSIDERATION in county
    assert OtherWay.RECONSIDERATION not in list_other_ways(
        is_village=False, organ_kind="enterprise"
    )


@pytest.mark.both_databases
def test_a_list_in_its_period_says_how_to_object(client, tree, households):
    """N23, N32: until when, who receives, and the way to the form."""
    page = client.get(url_for("publishing.show", households, place=tree.village))
    form = url_for("messages.form", FORM, households, place=tree.village)
    assert page.select(f"//section[@aria-labelledby='objections']//a[@href='{form}']")
    panel = page.select("string(//section[@aria-labelledby='objections'])")
    assert str(LAST) in panel
    assert "12388" in panel
    assert "行政复议" not in panel
    shown = client.get(form).text
    assert TITLE in shown
    assert str(LAST) in shown


@pytest.mark.both_databases
def test_the_form_takes_a_row_s_number_and_no_name(client, tree, households, object_to):
    """N30: a household is named by the number of its row only; nobody has to say who he is."""
    ticket = object_to(households, row_number="2", phone="", name="")
    (case,) = load_cases(tree.village)
    assert (case.row_number, case.name, case.phone, case.channel) == (2, "", "", "web")
    assert case.due_on == date(2026, 3, 9)  # five working days after Monday, 2 March
    assert case.organ_id is not None  # the desk of the organ that published
    assert "面积多登了两亩" in client.get(ticket).text
    object_to(households, status=422, row_number="4")
    object_to(households, status=422, row_number="0")
    assert len(load_cases(tree.village)) == 1


def test_programs_are_held_off_without_a_puzzle(client, tree, households, object_to):
    """N33: no picture puzzle; what nobody sees is left empty by people."""
    object_to(households, status=422, website="https://example.org")
    page = client.get(url_for("messages.form", FORM, households, place=tree.village))
    hidden = page.select("//input[@name='website']")
    assert [field.get("tabindex") for field in hidden] == ["-1"]
    assert not page.select("//form//img")
    for _attempt in range(20):
        object_to(households)
    object_to(households, status=429)
    assert len(load_cases(tree.village)) == 20


def test_after_the_last_day_the_door_is_closed_and_other_ways_are_named(
    client, tree, households, object_to, set_clock
):
    """N32: the sender whose form was open over midnight keeps what was typed."""
    set_clock(datetime(2026, 3, 8, 23, 59, tzinfo=zone()))
    object_to(households)
    set_clock(datetime(2026, 3, 9, 0, 0, 1, tzinfo=zone()))
    address = url_for("messages.send", FORM, households, place=tree.village)
    refused = client.post(address, data={"text": "我家少了一亩"}, status=409)
    assert "我家少了一亩" in refused.text
    for other in ("12388", "信访", "乡镇人民政府"):
        assert other in refused.text
    assert not refused.select("//textarea")
    page = client.get(url_for("publishing.show", households, place=tree.village))
    panel = page.select("string(//section[@aria-labelledby='objections'])")
    assert "12388" in panel
    form = url_for("messages.form", FORM, households, place=tree.village)
    assert not page.select(f"//a[@href='{form}']")
    assert "马某" not in page.text
    assert len(load_cases(tree.village)) == 1


def test_what_has_no_period_takes_no_objection(client, tree, village, make_public):
    number = make_public(village).id
    village.commit()
    page = client.get(url_for("publishing.show", number, place=tree.village))
    assert not page.select("//*[@id='objections']")
    client.get(url_for("messages.form", FORM, number, place=tree.village), status=404)


@pytest.mark.parametrize("key", ["0", "x", "99999999999999999999", "-1"])
def test_odd_keys_are_no_lists(client, tree, households, key):
    client.get(url_for("messages.form", FORM, key, place=tree.village), status=404)


def test_another_place_s_list_is_not_found(client, tree, households):
    client.get(url_for("messages.form", FORM, households, place=tree.county), status=404)


def test_a_list_on_paper_only_is_objected_to_without_its_title(client, tree, households, object_to):
    """N30: what only hangs on the board stands on no page, also not on the form's."""
    change(tree.village, households, off_web_from=FIRST)
    page = client.get(url_for("messages.form", FORM, households, place=tree.village))
    assert TITLE not in page.text
    assert not page.select("//input[@name='row_number']")
    ticket = object_to(households)
    assert TITLE not in client.get(ticket).text
    assert load_cases(tree.village)[0].subject == "公开栏名单"
