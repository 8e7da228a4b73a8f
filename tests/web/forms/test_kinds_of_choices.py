"""Ticked rows, buttons, controls by key; bounds of numbers and days in forms."""

import pytest
from werkzeug.datastructures import MultiDict

from core.web.forms import fields
from core.web.forms.form import Form


class RowsOfPageForm(Form):
    row = fields.TickedIdsField()
    key = fields.TickedField(most=3)
    alt = fields.KeyedField(5)
    left_out = fields.KeyedField(name="left-out")
    hand_in = fields.ButtonField()
    seats = fields.NumberField(-5, 10_000)
    day = fields.DayField()
    moment = fields.MomentField()


def read(*pairs):
    return RowsOfPageForm.read(MultiDict(pairs))


def test_ticked_rows_are_kept_in_order_each_once_and_what_is_no_id_is_left_out():
    sent = [
        ("row", "7"),
        ("row", "3"),
        ("row", "7"),
        ("row", "x"),
        ("row", "9" * 5_000),
        ("row", ""),
    ]
    form = read(*sent, ("key", "b"), ("key", "a"), ("key", "b"), ("key", "c"))
    assert form.values["row"] == [7, 3]
    assert form.values["key"] == ["b", "a"]
    assert form.typed["row"] == ["7", "3", "7", "x", "9" * 5_000, ""]


def test_a_button_counts_whatever_it_sends():
    assert read(("hand_in", "")).values["hand_in"] is True
    assert read().values["hand_in"] is False


def test_controls_with_keys_are_read_by_their_keys():
    form = read(("alt-3", " ein  Bild "), ("alt-x-1", "b"), ("left-out-7", "1"), ("altes", "c"))
    assert form.values["alt"] == {"3": "ein B", "x-1": "b"}
    assert form.values["left_out"] == {"7": "1"}


def test_the_names_of_the_fields_that_were_sent_are_known():
    assert read(("row", "7"), ("left-out", "1"), ("else", "1")).sent == {"row", "left_out"}


@pytest.mark.parametrize(
    ("typed", "number"), [("１２", 12), ("-3", -3), ("9,999", 9_999), ("９，９９９", 9_999)]
)
def test_numbers_are_read_as_chinese_keyboards_type_them(typed, number):
    assert read(("seats", typed)).values["seats"] == number


@pytest.mark.parametrize(
    ("name", "typed"),
    [("seats", "9" * 5_000), ("seats", "1e3"), ("seats", "5³"), ("seats", "٣"), ("seats", "1,5"),
     ("day", "0001-01-01"),
     ("day", "9999-12-31"), ("moment", "0001-01-01T00:00"), ("moment", "9999-12-31T23:59"),
     ("moment", "1899-12-31 23:59"), ("moment", "9999-12-31T23:59-12:00")],
)  # fmt: skip
@pytest.mark.usefixtures("app")
def test_what_lies_beyond_every_bound_gets_a_message_and_is_shown_again(name, typed):
    form = read((name, typed))
    assert set(form.errors) == {name}
    assert form.values[name] is None
    assert form.typed[name] == typed


def test_a_blank_form_has_empty_values_and_nothing_wrong():
    form = RowsOfPageForm.blank()
    assert form.ok
    assert (form.values["row"], form.values["seats"]) == ([], None)
