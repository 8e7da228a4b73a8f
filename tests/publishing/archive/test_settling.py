"""N30: what was found in public texts stands on the reviewer's desk until two people settled it."""

import pytest
from sqlalchemy import select

from core.db.scope import Scope, open_session
from core.publishing.archive.checking import check_archive
from core.publishing.models import Publication, PublicationRequest
from core.publishing.rules import CHECKS
from core.publishing.workflow.drafts import open_correction
from core.testing.factories.trees import COUNTY, VILLAGE
from core.testing.pages import url_for


@pytest.fixture
def found(public, set_kept):
    """A public text that is on the desk."""
    made = public(title="值班安排")
    set_kept()
    check_archive()
    return made


@pytest.fixture
def desk(found, sign_in):
    """The desk of the county's officer; a button pressed at the text; what became of it."""
    client = sign_in("officer")

    class Desk:
        address = url_for("publishing_archive.show", place=COUNTY)

        def see(self):
            return client.get(self.address)

        def press(self, act, status=200):
            where = url_for("publishing_archive.settle", found.id, place=VILLAGE)
            return client.post(where, {"act": act}, status=status, follow_redirects=True)

        def read(self):
            with open_session(Scope.platform("test")) as session:
                return session.get_one(Publication, found.id)

    return Desk()


def test_it_says_what_and_where_and_never_the_value(desk, duty):
    page = desk.see()
    assert "值班安排" in page.text
    assert "138****8000" in page.text
    assert "正文" in page.select("//*[@class='finding__where']/text()")
    assert duty not in page.text
    assert page.select("//progress/@value") == ["1"]


def test_masked_it_waits_for_a_second_person_and_is_public_until_then(desk, found, duty, client):
    desk.press("mask")
    publication = desk.read()
    assert (publication.correction, publication.state) == ("in_review", "published")
    assert duty in client.get(url_for("publishing.show", found.id, place=VILLAGE)).text
    review = url_for("publishing_review.review", found.id, place=VILLAGE)
    client.sign_in("reviewer")
    page = client.get(review)
    values = {"act": "pass", "revision": page.select("//input[@name='revision']/@value")[0]}
    client.post(review, values | {"checks": list(CHECKS)})
    page = client.get(url_for("publishing.show", found.id, place=VILLAGE))
    assert "138****8000" in page.text
    assert duty not in page.text
    client.sign_in("officer")
    assert "值班安排" not in desk.see().select("//main")[0].text_content()


def test_taken_down_it_asks_a_second_person_with_the_ground(desk, found):
    page = desk.press("take-down")
    assert desk.read().state == "published"
    with open_session(Scope.platform("test")) as session:
        request = session.scalars(select(PublicationRequest)).one()
        assert (request.ground, "138" in request.reason) == ("privacy", False)
    assert "值班安排" in page.text, "it is public until a second person has decided"


def test_an_open_correction_is_not_overwritten(desk, found, village, people):
    open_correction(village, people.clerk, village.get_one(Publication, found.id))
    village.commit()
    desk.press("mask", status=409)
    assert desk.read().correction == "draft"
    assert desk.see().select("//button[@value='mask']") == []


def test_others_do_not_see_it(found, sign_in):
    client = sign_in("stranger")
    client.get(url_for("publishing_archive.show", place=COUNTY), status=403)
    client.sign_in("clerk")
    client.get(url_for("publishing_archive.show", place=VILLAGE), status=403)
