"""Forms: values, a message at each wrong field, and what was typed."""

from datetime import UTC, date, datetime, time
from io import BytesIO

import pytest
from flask_babel import force_locale
from flask_babel import gettext as _
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from werkzeug.datastructures import FileStorage, MultiDict

from core.bounds import clean_text
from core.errors import Invalid
from core.web.forms import fields
from core.web.forms.form import Form, RowsField


class CompanionForm(Form):
    name = fields.LineField(5, required="a name")
    age = fields.NumberField(0, 120)
    role = fields.ChoiceField()


class EventForm(Form):
    title = fields.LineField(10, required="Enter a title.")
    body = fields.TextField(20)
    seats = fields.NumberField(1, 50, default=7)
    mode = fields.ChoiceField(("first_come", "lottery"), default="first_come")
    levels = fields.ChoicesField(("county", "township", "village"))
    organ = fields.ChoiceField(name="organ-id")
    answers = fields.LinesField(3, 4)
    ticked = fields.TickField()
    phone = fields.PhoneField()
    day = fields.DayField(wrong="No day.")
    starts = fields.TimeField()
    opens_at = fields.MomentField()
    closes_at = fields.MomentField()
    key = fields.SecretField()
    picture = fields.FileField()
    papers = fields.FilesField(2)
    people = RowsField(CompanionForm, 3)

    def check(self, values):
        if values["opens_at"] and values["closes_at"] and values["opens_at"] >= values["closes_at"]:
            yield "closes_at", "It must end after it begins."


CHOICES = {"organ": [3, 4], "people": {"role": ["guide"]}}


@pytest.fixture(autouse=True)
def english(app):
    with force_locale("en"):
        yield


def read(posted, **files):
    return EventForm.read(MultiDict(posted), files=MultiDict(files), choices=CHOICES)


def test_everything_that_is_right_becomes_typed_values():
    form = read([
        ("title", " 两  个\n词 "), ("body", "一\r\n二\x00 "), ("seats", "12"), ("mode", "lottery"),
        ("levels", "village"), ("levels", "county"), ("organ-id", "4"), ("answers", "a\r\n\nb\na"),
        ("ticked", "on"), ("phone", "138 0013-8000"), ("day", "2026-09-30"), ("starts", "9：30"),
        ("opens_at", "2026/09/30 08:00"), ("closes_at", "2026-09-30T09:00"), ("key", " k "),
    ])  # fmt: skip
    assert form.ok
    values = form.require()
    assert values["title"] == "两 个 词"
    assert values["body"] == "一\n二"
    assert (values["seats"], values["mode"], values["organ"]) == (12, "lottery", 4)
    assert values["levels"] == ["county", "village"]
    assert values["answers"] == ["a", "b"]
    assert values["ticked"] is True
    assert values["phone"] == "13800138000"
    assert (values["day"], values["starts"]) == (date(2026, 9, 30), time(9, 30))
    assert values["opens_at"] == datetime(2026, 9, 30, tzinfo=UTC)
    assert values["key"] == " k "
    assert (values["picture"], values["papers"], values["people"]) == (None, [], [])


def test_an_empty_form_has_empty_values_and_misses_what_is_required():
    form = read([])
    assert form.errors == {"title": "Enter a title."}
    assert not form.ok
    assert (form.values["title"], form.values["seats"], form.values["mode"]) == (
        "",
        7,
        "first_come",
    )
    assert form.values["levels"] == form.values["answers"] == form.values["people"] == []
    assert form.values["day"] is form.values["opens_at"] is form.values["picture"] is None
    with pytest.raises(Invalid) as wrong:
        form.require()
    assert wrong.value.fields == form.errors


@pytest.mark.parametrize(
    ("name", "typed", "message"),
    [
        ("title", "一二三四五六七八九十一", "At most 10 characters."),
        ("seats", "0", "Enter a whole number from 1 to 50."),
        ("seats", "1.5", "Enter a whole number from 1 to 50."),
        ("seats", "9" * 30, "Enter a whole number from 1 to 50."),
        ("mode", "other", "Choose one of the list."),
        ("levels", "nation", "Choose one of the list."),
        ("organ-id", "5", "Choose one of the list."),
        ("answers", "a\nb\nc\nd", "At most 3 lines of 4 characters."),
        ("answers", "abcde", "At most 3 lines of 4 characters."),
        ("phone", "123", "This is no phone number."),
        ("day", "2026-09-31", "No day."),
        ("starts", "25:00", "Enter a time like 09:30."),
        ("opens_at", "soon", "Enter a day and a time like 2026-09-30 09:30."),
        ("opens_at", "0001-01-01 00:00", "Enter a day and a time like 2026-09-30 09:30."),
    ],
)
def test_what_is_wrong_is_said_at_its_field_and_shown_again(name, typed, message):
    form = read([("title", "x"), (name, typed)] if name != "title" else [(name, typed)])
    assert form.errors == {name: message}
    assert form.typed[name] == ([typed] if name == "levels" else typed)
    assert not form.values[name.removesuffix("-id")] or name in {"seats", "mode"}


def test_messages_are_in_the_readers_language():
    with force_locale("zh_Hans_CN"):
        assert read([("title", "x"), ("mode", "y")]).errors == {"mode": "请从列表中选择。"}
        assert _("At most %(n)s rows.", n=1) != "At most 1 rows."


def test_rules_between_fields_see_only_what_is_right():
    sent = {"title": "x", "opens_at": "2026-09-30 10:00", "closes_at": "2026-09-30 09:00"}
    assert read(sent).errors == {"closes_at": "It must end after it begins."}
    assert "begins" not in read(sent | {"opens_at": "x"}).errors.get("closes_at", "")


def test_rows_are_read_in_order_without_empty_ones():
    form = read({"title": "x", "name-7": "乙", "name-2": "甲", "age-2": "3", "name-4": " "})
    assert form.values["people"] == [
        {"name": "甲", "age": 3, "role": ""},
        {"name": "乙", "age": None, "role": ""},
    ]


def test_what_is_wrong_in_a_row_is_said_at_its_row():
    form = read({"title": "x", "name-0": "甲", "age-3": "x", "role-3": "guide", "role-0": "king"})
    assert form.errors == {
        "role-0": "Choose one of the list.",
        "name-1": "a name",
        "age-1": "Enter a whole number from 0 to 120.",
    }
    assert [row["age"] for row in form.typed["people"]] == ["", "x"]
    assert form.values["people"] == []


def test_there_are_not_too_many_rows_or_files():
    sent = {"title": "x"} | {f"name-{n}": "甲" for n in range(4)}
    assert read(sent).errors == {"people": "At most 3 rows."}
    papers = [("papers", FileStorage(BytesIO(b"x"), f"{n}.txt")) for n in range(3)]
    form = EventForm.read({"title": "x"}, files=MultiDict(papers))
    assert form.errors == {"papers": "At most 2 files."}


def test_files_are_handed_on_and_never_typed():
    sent = FileStorage(BytesIO(b"x"), "a.png")
    form = read({"title": "x", "key": "secret"}, picture=sent)
    assert form.values["picture"] is sent
    assert (form.typed["picture"], form.typed["key"]) == ("", "")
    assert read({"title": "x"}, picture=FileStorage(BytesIO(b""), "")).values["picture"] is None


def test_what_a_form_shows_of_an_object_reads_back_as_the_same():
    values = {
        "title": "题", "body": "一\n二", "seats": 9, "mode": "lottery", "levels": ["village"],
        "organ": 3, "answers": ["a", "b"], "ticked": True, "phone": "13800138000",
        "day": date(2026, 9, 30),
        "starts": time(9, 5), "opens_at": datetime(2026, 9, 30, 1, tzinfo=UTC), "closes_at": None,
        "key": "", "picture": None, "papers": [], "people": [{"name": "甲", "age": 3, "role": ""}],
    }  # fmt: skip
    shown = EventForm.show(values)
    assert shown["opens_at"] == "2026-09-30T09:00"
    people = shown.pop("people")
    sent = MultiDict(shown) | {f"{name}-0": text for name, text in people[0].items()}
    assert read(sent).values == values


def test_fields_can_be_added_when_the_form_is_read():
    form = EventForm.extend({"quota-3": fields.NumberField(0, 9)}).read({"quota-3": "10"})
    assert form.errors["quota-3"] == "Enter a whole number from 0 to 9."
    assert "quota-3" not in EventForm.read({}).values


SIMPLE = [
    name for name, field in EventForm().fields.items()
    if not isinstance(field, fields.FileField | fields.FilesField | RowsField)
]  # fmt: skip
NAMES = st.sampled_from(
    [*(EventForm().fields[name].data_key or name for name in SIMPLE), "picture", "papers",
     "people", "name-0", "age-0", "role-1", "name-99999", "name--1", "unknown"]
)  # fmt: skip
TYPED = st.text() | st.sampled_from(
    ["2026-09-30", "9999-12-31T23:59", "0001-01-01 00:00", "24:00", "-1", "٣", "first_come",
     "\ud800", "\x00", "\r\n"]
)  # fmt: skip


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.lists(st.tuples(NAMES, TYPED)))
def test_whatever_is_typed_comes_back_and_nothing_raises(posted):
    sent = MultiDict(posted)
    form = EventForm.read(sent, choices=CHOICES)
    for name in SIMPLE:
        key = EventForm().fields[name].data_key or name
        typed = [clean_text(text) for text in sent.getlist(key)]
        if name == "levels":
            assert form.typed[key] == typed
        elif name != "key":
            assert form.typed[key] == (typed or [""])[0]
    assert set(form.values) == set(EventForm().fields)
    assert all(form.errors.values())
    assert all(text.encode() is not None for text in form.errors.values())


def test_characters_that_no_document_can_hold_are_dropped(app):
    del app
    form = EventForm.read({"title": "开\x0b放\x07日", "body": "一\x0c\n\t二\x7f"})
    assert form.values["title"] == "开放日"
    assert form.values["body"] == "一\n\t二"
