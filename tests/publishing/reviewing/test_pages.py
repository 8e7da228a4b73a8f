"""A reviewer's queue and page, signed forms, and the steps of a place, as people use them."""

from dataclasses import replace
from datetime import date, timedelta
from io import BytesIO

import pytest
from PIL import Image
from sqlalchemy import select

from core.db.base import utc_now
from core.publishing.models import Publication, Review
from core.publishing.reviewing.models import PassageRemark
from core.publishing.reviewing.queue import list_waiting, list_waiting_below
from core.publishing.rules import CHECKS, PublicationState
from core.publishing.workflow.drafts import get_working_content, save_content, submit
from core.publishing.workflow.review_steps import ReviewStep, TakenBy, to_stored
from core.testing.factories.trees import COUNTY, TOWN, VILLAGE
from core.testing.pages import url_for


@pytest.fixture
def handed_in(village, make, people):
    publication = make(village)
    submit(village, people.clerk, publication)
    village.commit()
    return publication.id


def test_a_queue_shows_ages_the_oldest_first(village, make, people, tree):
    for title in ("先交的", "后交的"):
        publication = make(village, title=title)
        submit(village, people.clerk, publication)
        village.flush()
        if title == "先交的":
            publication.waiting_since = utc_now() - timedelta(days=20)
    village.commit()
    rows = list_waiting(village, tree.town, people.reviewer)
    assert [row.publication.title for row in rows] == ["先交的", "后交的"]
    assert rows[0].days > 5
    assert (rows[0].tone, rows[1].days, rows[1].tone) == ("bad", 0, "quiet")


def test_the_county_sees_what_waits_below(platform, handed_in, tree, sign_in):
    assert [(row.tenant.id, row.count) for row in list_waiting_below(platform, tree.county)] == [
        (tree.town.id, 1)
    ]
    assert list_waiting_below(platform, tree.town) == []
    page = sign_in("officer").get(url_for("publishing_review.queue", place=COUNTY))
    assert page.select(f'//a[@href="{url_for("publishing_review.queue", place=TOWN)}"]')


def test_a_remark_is_marked_returned_and_settled(sign_in, handed_in, platform, people):
    reviewer = sign_in("reviewer")
    address = url_for("publishing_review.remark", handed_in, place=VILLAGE)
    page = reviewer.post(address, {"passage": "合计 126450元", "remark": ""}, status=422)
    assert page.select('//input[@name="passage"]/@value') == ["合计 126450元"]
    reviewer.post(address, {"passage": "本季收入合计126450元", "remark": "与银行对账单不符"})
    review = url_for("publishing_review.review", handed_in, place=VILLAGE)
    assert reviewer.get(review).select("//mark")
    # Remarks are reason enough.
    reviewer.post(review, {"revision": "1", "act": "return"})
    clerk = sign_in("clerk")
    edit = clerk.get(url_for("publishing_console.edit", handed_in, place=VILLAGE)).text
    assert "与银行对账单不符" in edit
    remark = platform.scalars(select(PassageRemark)).one()
    settle = url_for("publishing_reviewing.settle", handed_in, remark.id, place=VILLAGE)
    clerk.post(settle)
    platform.expire_all()
    assert platform.scalars(select(PassageRemark)).one().settled_by == people.clerk.name


def test_what_has_changed_since_the_last_review_is_shown(village, sign_in, handed_in, people):
    reviewer = sign_in("reviewer")
    review = url_for("publishing_review.review", handed_in, place=VILLAGE)
    reviewer.post(review, {"revision": "1", "act": "return", "comment": "改金额"})
    publication = village.get_one(Publication, handed_in, populate_existing=True)
    content = get_working_content(village, publication)
    text = content.body_source.replace("97880", "97890")
    save_content(village, people.clerk, publication, replace(content, body_source=text))
    submit(village, people.clerk, publication)
    village.commit()
    page = sign_in("reviewer").get(review)
    assert page.select("//ins/text()") == ["本季支出合计97890元。"]
    assert "本季支出合计97880元。" in page.text


def scan() -> tuple[BytesIO, str]:
    buffer = BytesIO()
    Image.new("RGB", (60, 80), "white").save(buffer, "JPEG")
    return BytesIO(buffer.getvalue()), "审核单.jpg"


@pytest.fixture
def for_a_leader(village, tree, make, people):
    """A publication that a leader signs for after a colleague has reviewed it."""
    county = village.get_one(type(tree.village), tree.county.id)
    steps = [ReviewStep("初审"), ReviewStep("领导签发", TakenBy.FORM)]
    county.profile = {"review_plan": to_stored(steps)}
    publication = make(village)
    submit(village, people.clerk, publication)
    village.commit()
    return publication.id


def test_a_clerk_sends_the_scan_of_a_signed_form(sign_in, for_a_leader, platform):
    number = for_a_leader
    review = url_for("publishing_review.review", number, place=VILLAGE)
    passed = {"revision": "1", "act": "pass", "checks": list(CHECKS)}
    sign_in("reviewer").post(review, passed)
    clerk = sign_in("clerk")
    form = url_for("publishing_reviewing.signed_form", number, place=VILLAGE)
    assert "领导签发" in clerk.get(form).text
    printed = clerk.get(url_for("publishing_reviewing.blank_form", number, place=VILLAGE))
    assert printed.data.startswith(b"%PDF")
    sent = {"revision": "1", "signed_by": "王县长", "signed_on": "2026-04-11"}
    without = clerk.post(form, sent, status=422)
    assert without.select('//input[@name="signed_by"]/@value') == ["王县长"]
    clerk.post(form, sent | {"scan": (BytesIO(b"a,b"), "单.csv")}, status=422)
    clerk.post(form, sent | {"revision": "0", "scan": scan()}, status=422)
    clerk.post(form, sent | {"scan": scan()})
    platform.expire_all()
    assert platform.get_one(Publication, number).state == PublicationState.PUBLISHED
    signed = platform.scalars(select(Review).where(Review.taken_by == "form")).one()
    assert signed.signed_on == date(2026, 4, 11)
    address = url_for("publishing_reviewing.scan", number, signed.id, place=VILLAGE)
    assert clerk.get(address).headers["Content-Type"] == "image/jpeg"
    sign_in("stranger").get(address, status=403)


def test_a_county_sets_its_steps(sign_in, platform, tree):
    officer = sign_in("officer")
    address = url_for("publishing_steps.steps", place=COUNTY)
    [version] = officer.get(address).select('//input[@name="version"]/@value')
    typed = {
        "name-1": "初审", "taken_by-1": "form", "name-2": "", "taken_by-2": "account",
        "committee": "1", "act": "save", "version": version,
    }  # fmt: skip
    refused = officer.post(address, typed, status=422)
    assert refused.select('//input[@name="name-1"]/@value') == ["初审"]
    officer.post(address, typed | {"taken_by-1": "either"})
    platform.expire_all()
    county = platform.get_one(type(tree.county), tree.county.id)
    assert [step["name"] for step in county.profile["review_plan"]] == [
        "村务监督委员会审核",
        "初审",
    ]
    sign_in("reviewer").get(url_for("publishing_steps.steps", place=TOWN), status=403)
    officer = sign_in("officer")
    officer.post(address, {"act": "inherit", "version": version}, status=409)
    [version] = officer.get(address).select('//input[@name="version"]/@value')
    officer.post(address, {"act": "inherit", "version": version})
    platform.expire_all()
    assert "review_plan" not in platform.get_one(type(tree.county), tree.county.id).profile
