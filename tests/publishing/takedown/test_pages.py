"""The pages of an emergency takedown, and what readers get everywhere while it lasts."""

import pytest

from core.db.scope import Scope, open_session
from core.permissions import Role
from core.publishing.models import Publication
from core.publishing.takedown.service import find_open_takedown
from core.testing.factories.people import create_person
from core.testing.factories.trees import VILLAGE
from core.testing.pages import url_for

REASON = "名单泄露身份证号"


@pytest.fixture
def public(village, make_public):
    publication = make_public(village, title="东关补助发放明细榜")
    village.commit()
    return publication


def at(endpoint, *parts):
    return url_for(endpoint, *parts, place=VILLAGE)


def hide(sign_in, publication):
    sent = {"reason": REASON, "confirm": "1"}
    sign_in("reviewer").post(at("publishing_takedown.submit", publication.id), sent, status=302)


def find_takedown(publication):
    with open_session(Scope.platform("test")) as session:
        return find_open_takedown(session, session.get_one(Publication, publication.id))


def test_the_address_says_that_it_is_offline_and_nothing_of_what_it_was(app, public, sign_in):
    reader = app.test_client()
    address = at("publishing.show", public.id)
    assert reader.get(address).status_code == 200
    hide(sign_in, public)
    answer = reader.get(address)
    assert (answer.status_code, answer.headers["Cache-Control"]) == (410, "no-store")
    assert "noindex" in answer.headers["X-Robots-Tag"]
    assert "暂时下线" in answer.text
    for secret in (public.title, public.index_number, REASON, "126450"):
        assert secret not in answer.text


def test_a_reason_and_a_tick_are_asked_for_and_nothing_typed_is_lost(public, sign_in):
    client = sign_in("reviewer")
    address = at("publishing_takedown.submit", public.id)
    page = client.post(address, {"reason": REASON}, status=422)
    assert page.select("//textarea[@name='reason']/text()")[0].strip() == REASON
    assert find_takedown(public) is None


def test_the_second_person_is_led_to_it_and_decides(public, sign_in, tree, client):
    hide(sign_in, public)
    taken = find_takedown(public)
    decision = at("publishing_takedown.decision", public.id, taken.id)
    client.get(decision, status=302)  # whoever hid it is led back
    create_person("colleague", Role.REVIEWER, tree.town)
    client.sign_in("colleague")
    home = client.get(url_for("console.home", place=tree.town)).text
    assert "紧急下线" in home
    queue = client.get(url_for("publishing_review.queue", place=tree.town))
    assert REASON in queue.text
    assert queue.select(f"//a[@href='{decision}']")
    assert REASON in client.get(decision).text
    decide = at("publishing_takedown.decide", public.id, taken.id)
    client.post(decide, {"act": "restore"}, status=422)
    client.post(decide, {"act": "confirm", "ground": "privacy"}, status=302)
    page = client.get(at("publishing.show", public.id), status=410)
    assert "撤回" in page.text
    assert "涉及个人信息" in page.text
    assert public.title not in page.text
    assert REASON in client.get(at("publishing_acts.detail", public.id)).text


def test_a_writer_may_not(public, sign_in):
    sign_in("clerk").get(at("publishing_takedown.form", public.id), status=403)
