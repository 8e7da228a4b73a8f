"""Closures, relocations and photographs of a point, and its end."""

import io
from datetime import timedelta

import pytest
from PIL import Image
from sqlalchemy import select

from core.sdk import Scope, open_session, today
from core.testing.pages import url_for
from plugins.service_map.models.point import PointHistory, PointMove, PointPhoto, ServicePoint
from plugins.service_map.points.care import make_due_moves
from plugins.service_map.points.opening import find_closure
from plugins.service_map.tests.factories import make_point


@pytest.fixture
def point(client, county, own, sign_in_as):
    """A point of the county, whose officer is signed in."""
    made = make_point(county, address="老街1号", lng=106.6, lat=35.9)
    own.add(made)
    own.commit()
    sign_in_as("officer", county)
    return made


def load_all(model):
    with open_session(Scope.platform("test")) as session:
        return session.scalars(select(model).order_by(model.id)).all()


def act(client, name, point, *parts, **data):
    return client.post(url_for(f"plugin_service_map_care.{name}", point.id, *parts), data)


def test_a_closure_is_entered_and_withdrawn(client, point, own):
    day = today()
    act(client, "close", point, starts_on=str(day), ends_on=str(day), reason="停电", instead="县城")
    own.expire_all()
    assert find_closure(point, day)
    assert not find_closure(point, day + timedelta(days=1))
    act(client, "reopen", point, point.closures[0].id)
    own.expire_all()
    assert not find_closure(point, day)


def test_a_closure_that_ends_before_it_begins_is_refused(client, point):
    form = {"starts_on": "2026-09-02", "ends_on": "2026-09-01", "reason": "修缮"}
    page = client.post(url_for("plugin_service_map_care.close", point.id), form, status=422)
    assert page.select("//*[@id='ends_on-error']")
    assert page.select("//input[@name='reason']/@value") == ["修缮"]


@pytest.mark.both_databases
def test_a_point_moves_on_its_day_and_not_before(client, point, own, county, set_clock):
    day = today()
    coming = {"moves_on": str(day + timedelta(days=3)), "address": "新区2号"}
    act(client, "move", point, **coming, position="106.7,35.8", datum="gcj02")
    own.expire_all()
    assert point.address == "老街1号"
    own.rollback()
    set_clock(day + timedelta(days=3))
    with open_session(Scope.own(county)) as session:
        make_due_moves(session, county)
    own.expire_all()
    assert (point.address, point.gcj_lng, point.gcj_lat) == ("新区2号", 106.7, 35.8)
    (move,) = load_all(PointMove)
    assert (move.is_done, move.old_address) == (True, "老街1号")
    page = act_refused(client, point, move)
    assert "已经搬迁" in page.text


def act_refused(client, point, move):
    address = url_for("plugin_service_map_care.stay", point.id, move.id)
    return client.post(address, {}, status=409)


def test_a_relocation_of_today_holds_at_once(client, point, own):
    act(client, "move", point, moves_on=str(today()), address="新区2号", datum="gcj02")
    own.expire_all()
    assert (point.address, point.lng) == ("新区2号", None)


def test_a_doubtful_new_position_can_be_mended(client, point, own):
    moved = {"moves_on": str(today()), "address": "新区2号", "position": "35.8,106.7"}
    address = url_for("plugin_service_map_care.move", point.id)
    page = client.post(address, moved, status=422)
    assert page.select("//input[@name='mend']/@value") == ["turn"]
    client.post(address, moved | {"mend": "turn"}, status=302)
    own.expire_all()
    assert (point.lng, point.lat) == (106.7, 35.8)


def picture():
    stream = io.BytesIO()
    Image.new("RGB", (60, 40), "green").save(stream, "JPEG")
    stream.seek(0)
    return stream


def test_a_photograph_is_kept_shown_and_removed(client, point):
    act(client, "add_photo", point, photo=(picture(), "门口.jpg"), alt="正门")
    (photo,) = load_all(PointPhoto)
    answer = client.get(url_for("plugin_service_map_care.photo", point.id, photo.id))
    assert answer.headers["Content-Type"] == "image/jpeg"
    assert "sandbox" in answer.headers["Content-Security-Policy"]
    act(client, "remove_photo", point, photo.id)
    assert load_all(PointPhoto) == []


def test_a_file_that_is_no_photograph_is_refused(client, point):
    form = {"photo": (io.BytesIO("说明".encode()), "说明.txt"), "alt": "正门"}
    page = client.post(url_for("plugin_service_map_care.add_photo", point.id), form, status=422)
    assert "不是照片" in page.text
    assert load_all(PointPhoto) == []


def test_a_deleted_point_leaves_its_history(client, point):
    client.post(url_for("plugin_service_map_care.delete", point.id), {}, status=302)
    assert load_all(ServicePoint) == []
    last = load_all(PointHistory)[-1]
    assert (last.event, last.changes["address"]) == ("delete", ["老街1号", None])
