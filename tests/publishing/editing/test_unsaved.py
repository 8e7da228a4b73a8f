"""What is typed outlives the device, the network and the session; deleted drafts come back."""

import json
from datetime import timedelta
from io import BytesIO

import pytest
from PIL import Image
from sqlalchemy import select

from core.clock import now
from core.publishing.editing.models import DiscardedDraft, UnsavedWork
from core.publishing.models import Attachment, Publication
from core.retention.service import erase_due
from core.testing.factories.trees import VILLAGE
from core.testing.pages import url_for

JSON = {"Accept": "application/json"}
TYPED = {"title": "路灯", "body": "会议表决通过安装路灯60盏。", "no_item_reason": "自愿公开"}


@pytest.fixture
def clerk(sign_in):
    return sign_in("clerk")


def keep(client, status=200, **fields):
    address = url_for("publishing_unsaved.keep", place=VILLAGE)
    return json.loads(client.post(address, fields, status=status, headers=JSON).data)


def save(client, **more):
    address = url_for("publishing_console.create", place=VILLAGE)
    page = client.post(address, TYPED | {"act": "save", "formed_on": "2026-03-22"} | more)
    return page.location


def edit_address(location, **query):
    number = int(location.rstrip("/").rpartition("/")[2])
    return url_for("publishing_console.edit", number, place=VILLAGE, **query), number


@pytest.mark.both_databases
def test_another_device_is_offered_what_was_typed_and_takes_it(clerk):
    address, number = edit_address(save(clerk))
    key = f"edit:{number}"
    [version] = clerk.get(address).select("//input[@name='version']/@value")
    kept = keep(
        clerk, **TYPED | {"body": "改成70盏。"}, form_key=key, publication=number, based_on=version,
        device="phone", device_name="Android",
    )  # fmt: skip
    assert kept["version"] == 1
    assert not kept["outdated"]
    page = clerk.get(address)
    [offer] = page.select("//*[@data-offered-work]")
    assert "改成70盏。" in offer.text_content()
    assert "Android" in offer.text_content()
    [take] = offer.xpath(".//a/@href")
    taken = clerk.get(take)
    assert taken.select("//textarea[@name='body']")[0].text.strip() == "改成70盏。"
    assert taken.select("//*[@data-autosave]/@data-seen") == ["1"]
    assert taken.select("//*[@data-offered-work]") == []


@pytest.mark.both_databases
def test_two_devices_do_not_overwrite_each_other(clerk, platform):
    fields = {"form_key": "new:a1", "body": "一"}
    assert keep(clerk, **fields, device="phone")["version"] == 1
    assert keep(clerk, **fields | {"body": "二"}, device="phone", seen=0)["version"] == 2
    refused = keep(clerk, 409, **fields | {"body": "三"}, device="desk", seen=1)
    assert refused["overtaken"]
    assert "另一台设备" in refused["message"]
    assert keep(clerk, **fields | {"body": "四"}, device="desk", seen=2)["version"] == 3
    assert platform.scalars(select(UnsavedWork)).one().fields["body"] == "四"


def test_it_is_forgotten_once_it_is_saved_or_dropped(clerk, platform):
    keep(clerk, **TYPED, form_key="new:b2")
    page = clerk.get(url_for("publishing_console.new", place=VILLAGE))
    assert "路灯" in page.select("//*[@data-offered-work]")[0].text_content()
    address, number = edit_address(save(clerk, form_key="new:b2"))
    assert platform.scalars(select(UnsavedWork)).all() == []
    keep(clerk, **TYPED | {"title": "别的"}, form_key=f"edit:{number}", publication=number)
    drop = url_for("publishing_unsaved.drop", place=VILLAGE)
    clerk.post(drop, {"form_key": f"edit:{number}", "publication": number})
    assert clerk.get(address).select("//*[@data-offered-work]") == []


def test_the_second_of_two_people_sees_the_first(sign_in, platform):
    first = sign_in("clerk")
    address, number = edit_address(save(first))
    assert keep(first, **TYPED, form_key=f"edit:{number}", publication=number)["others"] == []
    platform.scalars(select(UnsavedWork)).one().user_name = "马会计"
    other = platform.scalars(select(UnsavedWork)).one()
    other.user_id = _another_person(platform, other.user_id)
    platform.commit()
    assert "马会计" in first.get(address).text
    said = keep(first, **TYPED, form_key=f"edit:{number}", publication=number, based_on=1)
    assert "马会计" in said["others"][0]


def _another_person(platform, person):
    from core.accounts.models import User

    query = select(User.id).where(User.id != person).limit(1)
    return platform.scalars(query).one()


def test_others_publications_and_too_much_are_refused(clerk, sign_in):
    _address, number = edit_address(save(clerk))
    assert keep(clerk, 422, form_key="new:c3", body="长" * 500_001)["message"]
    keep(clerk, 404, form_key="edit:999999", publication=999_999)
    clerk.sign_out()
    keep(sign_in("reviewer"), 403, form_key=f"edit:{number}", publication=number)


def test_unsaved_work_goes_after_thirty_days(clerk, platform, app):
    keep(clerk, **TYPED, form_key="new:d4")
    list(erase_due(now() + timedelta(days=29)))
    assert platform.scalars(select(UnsavedWork.id)).all()
    list(erase_due(now() + timedelta(days=31)))
    platform.expire_all()
    assert platform.scalars(select(UnsavedWork.id)).all() == []


@pytest.mark.both_databases
def test_a_deleted_draft_is_asked_about_and_comes_back_with_its_picture(clerk, platform):
    stream = BytesIO()
    Image.new("RGB", (40, 30), "red").save(stream, "PNG")
    stream.seek(0)
    location = save(clerk, photos=[(stream, "路灯.png")])
    address, _number = edit_address(location)
    edit = clerk.get(address)
    [picture] = edit.select("//img[@data-kept-picture]/@src")
    [file] = edit.select("//input[@name='file']/@value")
    [version] = edit.select("//input[@name='version']/@value")
    body = f'<p>如图<img src="{picture}" alt="路灯"></p>'
    clerk.post(address, TYPED | {"act": "save", "body": body, "file": file, "version": version})
    page = clerk.get(location)
    [ask] = page.select("//a[contains(., '删除草稿')]/@href")
    [act] = clerk.get(ask).select("//main//form/@action")
    clerk.post(act, {})
    assert platform.scalars(select(Publication)).all() == []
    listed = clerk.get(url_for("publishing_console.index", place=VILLAGE))
    [again] = listed.select("//*[@aria-labelledby='discarded']//form/@action")
    back = clerk.get(clerk.post(again, {}).location)
    [shown] = back.select("//*[@class='article__body']//img/@src")
    attachment = platform.scalars(select(Attachment)).one()
    assert f"/files/{attachment.id}/" in shown
    clerk.get(shown)
    assert platform.scalars(select(DiscardedDraft)).all() == []
    clerk.post(again, {}, status=404)
