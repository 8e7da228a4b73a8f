"""The clerk's and the reviewer's pages, as people use them."""

from datetime import UTC, datetime
from io import BytesIO

import pytest
from PIL import Image
from sqlalchemy import select

from core.publishing.models import Attachment, Publication
from core.publishing.rules import CHECKS, PublicationState
from core.publishing.workflow.drafts import submit
from core.publishing.workflow.review import return_for_changes
from core.tenancy.service import ensure_organ
from core.testing.factories.trees import TOWN, VILLAGE
from core.testing.pages import url_for


def photo(width=40, height=30) -> bytes:
    buffer = BytesIO()
    Image.new("RGB", (width, height), "red").save(buffer, "JPEG")
    return buffer.getvalue()


@pytest.fixture
def filled() -> dict[str, str]:
    """What a clerk types."""
    return {
        "title": "柳湾村村民代表会议决议",
        "body": "会议表决通过安装路灯60盏。",
        "no_item_reason": "自愿公开",
        "formed_on": "2026-03-22",
        "genre": "村务公开",
        "act": "submit",
    }


@pytest.fixture
def stored(platform):
    def one() -> Publication:
        platform.expire_all()
        return platform.scalars(select(Publication)).one()

    return one


@pytest.fixture
def committee(platform, tree):
    organ = ensure_organ(platform, tree.village, "崾岘村村民委员会", "committee")
    platform.commit()
    return str(organ.id)


def test_staff_see_the_day_and_the_minute_of_china(sign_in, filled, set_clock, committee):
    set_clock(datetime(2026, 3, 23, 22, 5, tzinfo=UTC))  # five past six, a day later in China
    client = sign_in("clerk")
    address = url_for("publishing_console.create", place=VILLAGE)
    page = client.post(address, filled | {"organ_id": committee})
    assert "2026-03-24 06:05" in client.get(page.location).text
    assert "2026-03-24 06:05" in client.get(url_for("publishing_console.index", place=VILLAGE)).text


@pytest.mark.both_databases
def test_a_clerk_writes_and_the_town_passes_it(sign_in, filled, stored, committee):
    client = sign_in("clerk")
    page = client.get(url_for("publishing_console.new", place=VILLAGE))
    assert page.select("//select[@name='organ_id']/option[@selected]/@value") == [committee]
    page = client.post(
        url_for("publishing_console.create", place=VILLAGE), filled | {"organ_id": committee}
    )
    assert stored().state == PublicationState.IN_REVIEW
    client.get(page.location)
    client.sign_out()
    client = sign_in("reviewer")
    queue = client.get(url_for("publishing_review.queue", place=TOWN))
    address = queue.select("//main//a/@href")[0]
    review = client.get(address)
    assert "会议表决通过安装路灯60盏。" in review.text
    number = review.select("//input[@name='revision']/@value")[0]
    client.post(address, {"act": "pass", "revision": number, "checks": list(CHECKS)})
    assert stored().state == PublicationState.PUBLISHED
    client.sign_out()
    page = client.get(url_for("publishing.show", stored().id, place=VILLAGE))
    assert "柳湾村村民代表会议决议" in page.text
    assert "990111100201/" in page.text


@pytest.mark.both_databases
def test_nothing_typed_and_no_file_is_lost_when_something_is_wrong(
    sign_in, filled, stored, platform, committee
):
    client = sign_in("clerk")
    data = filled | {
        "organ_id": committee,
        "formed_on": "2026-02-31",
        "publicity_days": "七",
        "photos": [(BytesIO(photo()), "现场.jpg"), (BytesIO(b"<html>"), "坏.jpg")],
    }
    page = client.post(url_for("publishing_console.create", place=VILLAGE), data, status=422)
    assert page.select("//input[@name='formed_on']/@value") == ["2026-02-31"]
    assert page.select("//input[@name='publicity_days']/@value") == ["七"]
    assert len(page.select("//p[@class='field__error']")) == 3
    assert page.select("//textarea[@name='body']/text()")[0].strip() == filled["body"]
    kept = platform.scalars(select(Attachment)).one()
    assert page.select("//input[@name='file']/@value") == [str(kept.id)]
    assert (stored().state, stored().title) == (PublicationState.DRAFT, filled["title"])
    address = page.select("//main//form/@action")[-1]
    again = filled | {
        "organ_id": committee,
        "version": page.select("//input[@name='version']/@value")[0],
        "file": str(kept.id),
        f"alt-{kept.id}": "安装好的路灯",
    }
    client.post(address, again)
    assert stored().state == PublicationState.IN_REVIEW
    page = client.get(url_for("publishing_acts.preview", stored().id, place=VILLAGE))
    assert page.select("//figure/img/@alt") == ["安装好的路灯"]


def test_who_saves_over_somebody_elses_change_is_asked_first(
    sign_in, filled, stored, platform, committee
):
    client = sign_in("clerk")
    page = client.post(
        url_for("publishing_console.create", place=VILLAGE),
        filled | {"organ_id": committee, "act": "save"},
    )
    edit = client.get(page.location + "edit/")
    version = edit.select("//input[@name='version']/@value")[0]
    stored().title = "别人改的"
    platform.commit()
    mine = filled | {"organ_id": committee, "version": version, "act": "save", "title": "我改的"}
    page = client.post(page.location + "edit/", mine, status=409)
    assert page.select("//input[@name='title']/@value") == ["我改的"]
    mine["version"] = page.select("//input[@name='version']/@value")[0]
    client.post(page.select("//main//form/@action")[-1], mine)
    assert stored().title == "我改的"


def test_a_form_that_was_sent_twice_is_one_publication(sign_in, filled, stored, committee):
    client = sign_in("clerk")
    first = client.post(
        url_for("publishing_console.create", place=VILLAGE), filled | {"organ_id": committee}
    )
    again = client.post(
        url_for("publishing_console.create", place=VILLAGE), filled | {"organ_id": committee}
    )
    assert again.location == first.location
    assert stored().state == PublicationState.IN_REVIEW


def test_what_came_back_stands_first_with_its_reason(sign_in, make, village, people, tree):
    first = make(village, title="被退回的")
    make(village, title="刚写的")
    submit(village, people.clerk, first)
    return_for_changes(village, people.reviewer, first, "请补上监督委员会的意见")
    village.commit()
    client = sign_in("clerk")
    page = client.get(url_for("publishing_console.index", place=VILLAGE))
    titles = page.select("//ul[@class='rows']//a/text()")
    assert titles[:2] == ["被退回的", "刚写的"]
    assert "被退回的" in client.get(url_for("console.home", place=VILLAGE)).text
    page = client.get(url_for("publishing_acts.detail", first.id, place=VILLAGE))
    assert "请补上监督委员会的意见" in page.text


def test_the_author_sees_why_somebody_else_must_review(sign_in, make, platform, tree, people):
    publication = make(platform, tree.county, people.officer)
    submit(platform, people.officer, publication)
    platform.commit()
    client = sign_in("officer")
    page = client.get(url_for("publishing_review.review", publication.id))
    assert not page.select("//button[@value='pass']")
    client.post(
        url_for("publishing_review.review", publication.id),
        {"act": "pass", "revision": "1", "checks": list(CHECKS)},
        status=403,
    )


def test_a_review_of_an_older_text_is_refused(sign_in, make, village, people, stored):
    publication = make(village)
    submit(village, people.clerk, publication)
    village.commit()
    client = sign_in("reviewer")
    address = url_for("publishing_review.review", publication.id, place=VILLAGE)
    client.post(address, {"act": "pass", "revision": "0", "checks": list(CHECKS)}, status=409)
    page = client.post(address, {"act": "return", "revision": "1", "comment": ""}, status=422)
    assert page.select("//*[@id='comment-error']")
    client.post(address, {"act": "return", "revision": "1", "comment": "请改"})
    assert stored().state == PublicationState.RETURNED


def test_a_reviewer_cannot_open_the_form(sign_in, make, village):
    publication = make(village)
    village.commit()
    client = sign_in("reviewer")
    client.get(url_for("publishing_console.edit", publication.id, place=VILLAGE), status=403)
    client.post(
        url_for("publishing_console.save", publication.id, place=VILLAGE),
        {"title": "x"},
        status=403,
    )


def test_a_correction_shows_what_it_changes(sign_in, make_public, village, stored):
    publication = make_public(village)
    village.commit()
    client = sign_in("clerk")
    page = client.post(url_for("publishing_acts.correct", publication.id, place=VILLAGE))
    form = client.get(page.location)
    data = {
        "version": form.select("//input[@name='version']/@value")[0],
        "title": "更正后的标题",
        "body": "本季收入合计126450元。\n本季支出合计99999元。",
        "no_item_reason": "x",
        "organ_id": str(publication.organ_id),
        "formed_on": "2026-04-10",
        "note": "支出数有误",
        "act": "submit",
    }
    client.post(page.location, data)
    assert stored().title == "2026年第一季度村级财务公开"
    client.sign_out()
    client = sign_in("reviewer")
    page = client.get(url_for("publishing_review.review", publication.id, place=VILLAGE))
    row = page.select("//tbody/tr[last()]")[0]
    assert "97880" in row.text_content()
    assert "126450" not in row.text_content()


def test_a_text_is_withdrawn_by_two_and_comes_back_the_same_way(sign_in, make_public, village):
    publication = make_public(village)
    village.commit()
    address = url_for("publishing_acts.withdraw", publication.id, place=VILLAGE)
    detail = url_for("publishing_acts.detail", publication.id, place=VILLAGE)
    public = url_for("publishing.show", publication.id, place=VILLAGE)
    for during, after, button in ((200, 410, "同意撤回"), (410, 200, "同意恢复")):
        client = sign_in("clerk")
        client.get(address)
        client.post(address, {"reason": "", "confirm": "yes"}, status=422)
        client.post(address, {"reason": "含身份证号"}, status=422)
        client.post(address, {"reason": "含身份证号", "confirm": "yes"})
        client.get(address, status=302)  # asked for already
        decide = client.get(detail).select("//form[contains(@action, '/requests/')]/@action")[0]
        client.post(decide, {"act": "approve"}, status=403)
        client.get(public, status=during)
        client.sign_out()
        client = sign_in("reviewer")
        queue = client.get(url_for("publishing_review.queue", place=TOWN))
        assert detail in queue.select("//main//a/@href")
        assert button in client.get(detail).text
        client.post(decide, {"act": "decline"}, status=422)
        client.post(decide, {"act": "approve"})
        client.post(decide, {"act": "decline", "note": "迟了"}, status=409)
        client.sign_out()
        page = client.get(public, status=after)
        assert "含身份证号" not in page.text
        assert (publication.title in page.text) is (after == 200)


def test_other_places_publications_do_not_exist_here(sign_in, make, platform, tree, people):
    publication = make(platform, tree.county, people.liaison)
    platform.commit()
    client = sign_in("clerk")
    for page in ("acts.detail", "console.edit", "acts.preview", "acts.withdraw"):
        address = url_for(f"publishing_{page}", publication.id, place=VILLAGE)
        client.get(address, status=404)


def test_the_choice_of_items_and_the_list_open_without_anything(sign_in):
    client = sign_in("clerk")
    client.get(url_for("publishing_console.choose", place=VILLAGE, q="财务"))
    client.get(url_for("publishing_console.index", place=VILLAGE, tab="nonsense", page=99999999))


# Page of the village's console → who may open it.
MATRIX = {
    "publishing_console.index": {"clerk", "reviewer", "officer"},
    "publishing_console.choose": {"clerk"},
    "publishing_console.new": {"clerk"},
    "publishing_acts.detail": {"clerk", "reviewer", "officer"},
    "publishing_acts.preview": {"clerk", "reviewer", "officer"},
    "publishing_console.edit": {"clerk"},
    "publishing_review.review": {"reviewer", "officer"},
    "publishing_review.queue": {"reviewer", "officer"},
    "item_links.index": {"officer"},
    "publishing_privacy.show": {"officer"},
    "publishing_archive.show": {"reviewer", "officer"},
}
OF_ONE = {
    "publishing_acts.detail",
    "publishing_acts.preview",
    "publishing_console.edit",
    "publishing_review.review",
}


def address_in_matrix(page, publication):
    parts = [publication.id] if page in OF_ONE else []
    return url_for(page, *parts, place=VILLAGE)


@pytest.mark.parametrize("username", ["clerk", "reviewer", "liaison", "officer", "stranger"])
def test_who_may_open_which_page(sign_in, make, village, username):
    publication = make(village)
    village.commit()
    client = sign_in(username)
    opened = set()
    for page, allowed in MATRIX.items():
        answer = client._client.get(address_in_matrix(page, publication))
        assert (answer.status_code != 403) == (username in allowed), page
        if answer.status_code != 403:
            opened.add(page)
    assert opened == {page for page, allowed in MATRIX.items() if username in allowed}


@pytest.mark.parametrize("page", MATRIX)
def test_who_has_not_signed_in_is_asked_to(client, make, village, page):
    publication = make(village)
    village.commit()
    answer = client.get(address_in_matrix(page, publication), status=302)
    assert answer.location.startswith("/sign-in/")


TABLE = "低保名单\n序号\t姓名\t金额\t备注\n1\t张三\t100\n2\t李四\t90\t五保"


def shown(page):
    return page.select("//*[@id='text-preview']//*[self::th or self::td]/text()")


def test_a_pasted_table_is_shown_before_it_is_stored(sign_in, filled, platform, committee):
    client = sign_in("clerk")
    data = filled | {"organ_id": committee, "body": TABLE, "act": "preview"}
    page = client.post(url_for("publishing_console.create", place=VILLAGE), data, status=200)
    assert shown(page)[:6] == ["序号", "姓名", "金额", "备注", "1", "张三"]
    assert page.select("//textarea[@name='body']")[0].text.strip() == TABLE
    assert platform.scalars(select(Publication)).all() == []


def test_lines_that_are_no_table_are_shown_before_they_are_handed_in(
    sign_in, filled, stored, committee
):
    client = sign_in("clerk")
    loose = "组别 组长 副组长\n一组 张三 李四\n二组 王五 赵六"
    data = filled | {"organ_id": committee, "body": loose}
    page = client.post(url_for("publishing_console.create", place=VILLAGE), data, status=422)
    assert stored().state == PublicationState.DRAFT
    assert "像是表格" in page.select("//*[@id='text-preview']")[0].text_content()
    seen, version = (
        page.select(f"//input[@name='{name}']/@value")[0] for name in ("body_seen", "version")
    )
    again = data | {"body_seen": seen, "version": version}
    client.post(url_for("publishing_console.save", stored().id, place=VILLAGE), again)
    assert stored().state == PublicationState.IN_REVIEW


def test_a_text_that_shows_nothing_is_no_text(sign_in, filled, stored, committee):
    client = sign_in("clerk")
    data = filled | {"organ_id": committee, "body": "<style>p{margin:0}</style>"}
    client.post(url_for("publishing_console.create", place=VILLAGE), data, status=422)
    assert stored().state == PublicationState.DRAFT
