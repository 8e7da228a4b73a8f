"""Paper ballots: keyed in by one person and again by a second, and counted as by hand."""

from io import BytesIO

import pytest
from PIL import Image
from sqlalchemy import select

from core.db.scope import Scope, open_session
from core.testing.factories.people import create_person
from core.testing.kit import AuditEntry
from core.testing.pages import url_for
from core.voting.models import KeyedSheet, PaperRecord
from tests.voting.votes import DESK, make_vote

RECORD = {
    "channel": "meeting", "day": "2026-12-10", "place": "村部", "issued": "5",
    "collected": "4", "void": "1", "scrutineers": "张三、李四", "tellers": "王五",
}  # fmt: skip


@pytest.fixture
def vote(own, tree, county):
    """A vote that is open."""
    made = make_vote(own, tree.county)
    own.commit()
    return made


class Office:
    """Two people of the county's office, who take turns at one browser."""

    def __init__(self, client, county, vote):
        self.client, self.vote = client, vote
        for name in ("first", "second"):
            create_person(name, "officer", county)
        self.turn("first")
        desk = url_for(f"{DESK}.create_record", vote.id)
        self.record = client.post(desk, RECORD).location

    def turn(self, name):
        """Let one of them sit down."""
        self.client.forget()
        self.client.sign_in(name)

    def key(self, number, *rows, status=302, **more):
        """Key in a sheet: a row for each subject."""
        typed = {
            f"row-{subject.id}": row for subject, row in zip(self.vote.subjects, rows, strict=False)
        }
        sent = {"number": str(number), "version": self.version()} | typed | more
        return self.client.post(f"{self.record}sheets/", sent, status=status)

    def version(self):
        """The version of the record."""
        with open_session(Scope.platform("test")) as session:
            return str(session.scalar(select(PaperRecord.version)))

    def act(self, act, status=302, **data):
        """Do something with the record."""
        sent = {"version": self.version()} | data
        return self.client.post(f"{self.record}{act}/", sent, status=status)


@pytest.fixture
def office(client, county, vote):
    """The office, with the record of a meeting."""
    return Office(client, county, vote)


def scan():
    """The photograph of a signed sheet."""
    stream = BytesIO()
    Image.new("RGB", (20, 30), "white").save(stream, "PNG")
    return BytesIO(stream.getvalue()), "签字.png"


def test_a_meeting_is_keyed_in_twice_settled_and_closed(office, client):
    for name in ("first", "second"):
        office.turn(name)
        office.key(1, "11", "12")
        office.key(2, "13", "" if name == "first" else "11")
        office.key(3, "33", "30")
        office.key(4, is_void="1")
    page = client.get(office.record)
    assert page.text.count("两遍一致") == 3
    assert "录入份数与收回份数不一致" in page.text
    office.act("close", status=409)
    shown = client.get(f"{office.record}sheets/?number=2")
    assert "空 / 11" in shown.text
    office.key(2, "13", "11", settle="1")
    office.act("close", status=409)
    office.act("scan", file=scan())
    office.act("close")
    assert "已结票" in client.get(office.record).text
    assert client.get(f"{office.record}scan/").headers["Content-Type"] == "image/png"
    for act in ("close", "edit", "scan", "sheets/1/remove"):
        office.act(act, status=409, **RECORD | ({"file": scan()} if act == "scan" else {}))
    office.turn("first")
    office.key(5, "11", "11", status=409)
    with open_session(Scope.platform("test")) as session:
        settled = session.scalars(select(KeyedSheet).where(KeyedSheet.turn == "settled")).all()
        events = set(session.scalars(select(AuditEntry.action)))
    assert [(sheet.number, sheet.keyed_by) for sheet in settled] == [(2, "second 某")]
    assert {f"village_matters.matter_{act}" for act in ("sheet_settled", "record_closed")} <= (
        events
    )


def test_one_person_cannot_key_in_a_sheet_twice_nor_two_a_third_time(office, county):
    office.key(1, "11", "11")
    assert "请由另一人再录一遍" in office.key(1, "11", "11", status=422).text
    office.turn("second")
    office.key(1, "11", "11")
    office.turn("first")
    office.key(1, "11", "11", status=422)
    assert "无需核定" in office.key(1, "11", "11", settle="1", status=422).text
    create_person("third", "officer", county)
    office.turn("third")
    assert "已录入两遍" in office.key(1, "11", "11", status=422).text


@pytest.mark.both_databases
@pytest.mark.parametrize("number", [0, 2**31, 2**63, 10**30, "9" * 5000, "²", ""])
def test_a_number_that_no_sheet_bears_has_its_message(office, number):
    page = office.key(number, "11", "11", status=422)
    assert page.select('//*[@id="number-error"]')


def test_the_second_does_not_see_what_the_first_has_read(office, client):
    office.key(1, "13", "31")
    office.turn("second")
    shown = client.get(f"{office.record}sheets/?number=1")
    assert not [value for value in shown.select("//input/@value") if value in {"13", "31"}]
    assert "13" not in client.get(office.record).select("string(//section)")


@pytest.mark.parametrize("row", ["1", "111", "15", "ab"])
def test_a_row_that_cannot_be_read_is_said_at_its_field(office, row):
    page = office.key(1, "11", row, status=422)
    second = office.vote.subjects[1]
    assert page.select(f"//*[@id='row-{second.id}-error']")
    assert page.select(f"//input[@name='row-{second.id}']/@value") == [row]


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"issued": "3"}, "collected"),
        ({"void": "5"}, "void"),
        ({"channel": "paper"}, "channel"),
        ({"place": " "}, "place"),
        ({"issued": "-1"}, "issued"),
    ],
)
def test_counts_that_cannot_be_are_refused_at_their_field(office, client, changes, field):
    sent = RECORD | changes | {"version": office.version()}
    page = client.post(f"{office.record}edit/", sent, status=422)
    assert page.select(f"//*[@id='{field}-error']")


def test_a_wrong_number_is_removed_on_record(office, client):
    office.key(77, "11", "11")
    office.act("sheets/77/remove")
    assert "尚未录入" in client.get(office.record).text
    with open_session(Scope.platform("test")) as session:
        event = "village_matters.matter_sheet_removed"
        [entry] = session.scalars(select(AuditEntry).where(AuditEntry.action == event))
    assert entry.detail["number"] == 77


def test_a_scan_with_something_else_in_it_is_refused(office):
    office.act("scan", status=422, file=(BytesIO(b"MZ\x90\x00"), "sheet.pdf"))
