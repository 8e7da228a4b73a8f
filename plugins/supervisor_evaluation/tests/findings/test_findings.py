"""Findings: entered, reported, looked at again, overdue on both desks, public once mended."""

from datetime import date
from io import BytesIO

import pytest
from PIL import Image
from sqlalchemy import select

from core.sdk import Organ, Scope, Tenant, open_session
from core.testing.factories.people import create_person
from core.testing.kit import MessageContact, QueuedNotice
from core.testing.pages import url_for
from plugins.supervisor_evaluation.findings import FINDINGS, build_tip_url
from plugins.supervisor_evaluation.models.findings import EvaluationFinding
from plugins.supervisor_evaluation.subjects import get_subject

PAGES = "plugin_supervisor_evaluation_findings"
PUBLIC = "plugin_supervisor_evaluation_transparency.show"
NEW = {"text": "惠农补贴目录没有更新，联系人13912345678", "due_on": "2026-04-01",
       "source": "campaign", "reference": "2026年评议"}  # fmt: skip


@pytest.fixture
def offices(county, own, set_clock):
    """Two offices of the county, on a day in March."""
    set_clock(date(2026, 3, 2))
    made = [Organ(tenant_id=county.id, name=name) for name in ("民政局", "农业局")]
    own.add_all(made)
    own.commit()
    return [organ.id for organ in made]


@pytest.fixture
def staff(client, county, sign_in_as, tree, offices):
    """An officer of the county."""
    sign_in_as("officer", tree.county)
    return client


def find(own):
    own.expire_all()
    return own.scalars(select(EvaluationFinding).order_by(EvaluationFinding.id)).all()


def enter(staff, subject, status=302, **values):
    return staff.post(url_for(f"{PAGES}.create"), NEW | {"subject": subject} | values,
                      status=status)  # fmt: skip


def send(client, finding, view, place, status=302, **values):
    page = url_for(f"{PAGES}.{view}", finding.id, place=place)
    return client.post(page, {"version": finding.version} | values, status=status)


def photograph():
    stream = BytesIO()
    Image.new("RGB", (8, 8), "green").save(stream, "PNG")
    return BytesIO(stream.getvalue()), "整改后.png"


def test_an_office_mends_and_the_county_looks_again(staff, own, tree, offices):
    client, page = staff, url_for("portal.home", place=tree.county)
    enter(staff, f"organ:{offices[0]}", page_url=f"http://localhost{page}")
    (finding,) = find(own)
    assert (finding.page_url, finding.subject, finding.organ_id) == (page, "民政局", offices[0])
    create_person("liaison", "liaison", tree.county, organ_id=offices[0])
    client.sign_in("liaison")
    send(client, finding, "report", tree.county, report="已更新目录", files=photograph())
    (reported,) = find(own)
    assert (reported.state, len(reported.files)) == ("reported", 1)
    shown = url_for(f"{PAGES}.file", finding.id, reported.files[0].id)
    assert client.get(shown).data.startswith(b"\x89PNG")
    send(client, reported, "recheck", tree.county, act="close", status=403)
    assert "13912345678" not in client.get(url_for(PUBLIC)).text
    client.sign_in("officer-990111")
    again = {"act": "reopen", "recheck_note": "仍缺联系电话", "due_on": "2026-05-01"}
    send(client, reported, "recheck", tree.county, **again)
    (reopened,) = find(own)
    assert (reopened.state, reopened.due_on) == ("reopened", date(2026, 5, 1))
    send(client, reopened, "report", tree.county, report="已补齐")
    send(client, find(own)[0], "recheck", tree.county, act="close")
    text = client.get(url_for(PUBLIC)).text
    assert "已补齐" in text
    assert "13912345678" not in text
    assert "liaison" not in text


def test_another_office_sees_nothing_of_it(staff, client, own, tree, offices):
    enter(staff, f"organ:{offices[0]}")
    (finding,) = find(own)
    create_person("other", "liaison", tree.county, organ_id=offices[1])
    client.sign_in("other")
    assert "惠农补贴" not in client.get(url_for(f"{PAGES}.index")).text
    client.get(url_for(f"{PAGES}.show", finding.id), status=403)
    send(client, finding, "report", tree.county, report="代报", status=403)


def test_a_township_mends_what_the_county_found_there(staff, client, own, tree):
    enter(staff, f"township:{tree.town.id}")
    (finding,) = find(own)
    assert (finding.tenant_id, finding.origin_id) == (tree.town.id, tree.county.id)
    assert "惠农补贴" in staff.get(url_for(f"{PAGES}.index")).text
    send(staff, finding, "report", tree.county, report="县里代报", status=422)
    create_person("town", "officer", tree.town)
    client.sign_in("town")
    send(client, finding, "report", tree.town, report="已公开")
    send(client, find(own)[0], "recheck", tree.town, act="close", status=422)
    client.get(url_for(f"{PAGES}.show", finding.id, place=tree.sister_town), status=403)
    client.sign_in("officer-990111")
    send(client, find(own)[0], "recheck", tree.county, act="close")
    assert find(own)[0].state == "closed"


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"subject": "organ:999999"}, "subject"),
        ({"page_url": "https://example.com/990111/"}, "page_url"),
        ({"page_url": "/990112/"}, "page_url"),
        ({"due_on": "2026-03-01"}, "due_on"),
        ({"text": ""}, "text"),
    ],
)
def test_what_is_wrong_is_said_beside_it(staff, own, offices, values, field):
    page = enter(staff, **{"subject": f"organ:{offices[0]}", "status": 422} | values)
    assert page.select(f"//*[@id='{field}-error']")
    assert find(own) == []


def test_a_village_is_no_subject(staff, own, tree):
    enter(staff, f"township:{tree.village.id}", status=422)
    assert find(own) == []


def test_a_file_that_is_refused_leaves_the_finding_as_it_was(staff, own, tree, offices):
    enter(staff, f"organ:{offices[0]}")
    wrong = (BytesIO(b"MZ\x90\x00"), "整改.png")
    page = send(staff, find(own)[0], "report", tree.county, 422, report="已改", files=wrong)
    assert page.select("//*[@id='files-error']")
    assert page.select("//textarea[@id='report']")[0].text.strip() == "已改"
    assert (find(own)[0].state, find(own)[0].files) == ("open", [])


def test_what_is_overdue_stands_on_both_desks(staff, own, tree, set_clock):
    client = staff
    enter(staff, f"township:{tree.town.id}")
    set_clock(date(2026, 4, 2))
    with open_session(Scope.own(tree.town)) as session:
        FINDINGS.escalate(session, tree.town)
        FINDINGS.escalate(session, tree.town)
        session.commit()
    (finding,) = find(own)
    assert finding.escalated_at is not None
    assert "逾期" in staff.get(url_for("console.home")).text
    create_person("town", "officer", tree.town)
    client.sign_in("town")
    assert "逾期" in client.get(url_for("console.home", place=tree.town)).text


def test_office_and_county_are_told_once_of_what_is_overdue(staff, own, tree, set_clock):
    enter(staff, f"township:{tree.town.id}")
    for place, phone in ((tree.town, "19900000001"), (tree.county, "19900000002")):
        own.add(MessageContact(tenant_id=place.id, phone=phone))
    own.commit()
    set_clock(date(2026, 4, 2))
    for place in (tree.town, tree.county) * 2:
        with open_session(Scope.own(place)) as session:
            FINDINGS.escalate(session, place)
            session.commit()
    told = own.execute(select(QueuedNotice.recipient, QueuedNotice.tenant_id)).all()
    assert sorted(map(tuple, told)) == [
        ("19900000001", tree.town.id),
        ("19900000002", tree.county.id),
    ]


@pytest.mark.usefixtures("offices")
def test_a_tip_comes_from_a_desk_and_names_nobody(client, own, county, tree, app):
    office = own.scalars(select(Organ.id).order_by(Organ.id)).first()
    with app.test_request_context(f"/{tree.county.division_code}/"):
        url = build_tip_url(own, county, get_subject(own, county, f"organ:{office}"))
        town = get_subject(own, county, f"township:{tree.town.id}")
        there = build_tip_url(own, own.get_one(Tenant, county.id), town)
    assert f"/{tree.town.division_code}/" in there
    client.post(url, {"text": "窗口没有公开电话"}, status=303)
    client.post(there, {"text": "补贴名单没有公示"}, status=303)
    client.post(url.replace("organ:", "organ:9"), {"text": "猜的"}, status=404)
    client.get(url[:-3] + url[-1:], status=404)
    page = client.get(url_for(PUBLIC))
    (tips,) = page.select("//ul[@class='figures']/li[contains(.,'线索')]/span")
    assert tips.text == "2"
