"""Scoring behind the private link, and that nothing tells an office who scored it."""

import re
from io import BytesIO

import pytest
from PIL import Image
from sqlalchemy import select

from core.sdk import Base, Scope, file_store, open_session
from core.testing.factories.people import create_person
from core.testing.pages import url_for
from plugins.supervisor_evaluation.campaigns.assigning import list_assignments
from plugins.supervisor_evaluation.campaigns.lifecycle import publish_campaign
from plugins.supervisor_evaluation.models.campaign import EvaluationEvidence
from plugins.supervisor_evaluation.models.register import EvaluationSupervisor
from plugins.supervisor_evaluation.register import REGISTER

P = "plugin_supervisor_evaluation"
ADDRESS = re.compile(r'(?:href|action)="([^"#]+)"')


def at(part, *values, **options):
    return url_for(f"{P}_{part}", *values, **options)


def build_photo():
    """A photograph that says where it was taken."""
    stream, exif = BytesIO(), Image.Exif()
    exif[0x8825] = {1: "N", 2: (35.0, 37.0, 0.0), 3: "E", 4: (106.0, 12.0, 0.0)}
    Image.new("RGB", (64, 48), "green").save(stream, "JPEG", exif=exif)
    stream.seek(0)
    return stream


@pytest.fixture
def running(office, set_clock):
    number = office.make_draft()
    office.open_scoring(number, set_clock)
    return number


def open_desk(office, number):
    """Make the private link of somebody who has something to score; return it and what."""

    def link(ctx, campaign):
        row = list_assignments(ctx.session, campaign)[0]
        person = ctx.session.get(EvaluationSupervisor, row.supervisor_id)
        return REGISTER.make_link(ctx, person), row.id, row.subject_id

    return office.change(number, link)


def test_a_supervisor_scores_on_the_phone_once(client, office, running):
    secret, number, _subject = open_desk(office, running)
    desk = client.get(at("desk.show", secret))
    scores = at("scoring.show", secret, number)
    assert scores in desk.tree.xpath("//a/@href")
    page = client.get(scores)
    assert page.tree.xpath("//meta[@name='robots'][@content='noindex']")
    assert client.get(at("scoring.worker", secret)).status == 200
    empty = client.post(scores, {}, status=422)
    assert empty.tree.xpath("//*[@id='points-timely-error']")
    given = {f"points-{key}": "6" for key in ("timely", "complete", "readable")}
    missing = client.post(scores, given | {"links-timely": "ftp://x"}, status=422)
    assert missing.tree.xpath("//*[@id='reason-timely-error']")
    assert missing.tree.xpath("//*[@id='links-timely-error']")
    assert missing.tree.xpath("//input[@name='points-timely'][@value='6'][@checked]")
    given |= {"points-complete": "unseen", "points-readable": "10", "reason-timely": "缺少决算"}
    photo = {"photos-timely": (build_photo(), "IMG_2026.jpg")}
    client.post(scores, given | photo, status=303)
    client.post(scores, given | {"points-timely": "0"}, status=303)
    assert "缺少决算" in client.get(scores).text
    with open_session(Scope.own(office.tenant)) as session:
        (stored,) = session.scalars(select(EvaluationEvidence)).all()
        assert not Image.open(BytesIO(file_store().get(stored.digest))).getexif()
        assert "IMG" not in stored.name


def test_a_supervisor_steps_aside_with_a_reason(client, office, running):
    secret, number, _subject = open_desk(office, running)
    decline = at("scoring.decline", secret, number)
    client.post(decline, {}, status=422)
    client.post(decline, {"reason": "亲属在该单位"}, status=303)
    assert at("scoring.show", secret, number) not in client.get(at("desk.show", secret)).text
    create_person("office", "officer", office.tenant)
    client.sign_in("office")
    assert "亲属在该单位" in client.get(at("assignments.index", running)).text


def test_nobody_opens_scores_without_the_link_or_of_somebody_else(client, office, running):
    secret, number, _subject = open_desk(office, running)
    client.get(at("scoring.show", "wrong", number), status=404)

    def another(ctx, campaign):
        rows = list_assignments(ctx.session, campaign)
        mine = next(row for row in rows if row.id == number).supervisor_id
        return next(row.id for row in rows if row.supervisor_id != mine)

    client.get(at("scoring.show", secret, office.change(running, another)), status=404)


def test_nothing_tells_an_office_who_scored_it(  # noqa: PLR0917 - fixtures
    client, office, organ_staff, running, set_clock, capfd
):
    secret, number, subject = open_desk(office, running)
    with open_session(Scope.own(office.tenant)) as session:
        person = session.scalars(select(EvaluationSupervisor)).all()
        names = [each.name for each in person]
        phones = [each.phone for each in person]
    given = {f"points-{key}": "6" for key in ("timely", "complete", "readable")}
    reasons = {f"reason-{key}": f"{names[0]}（{phones[0]}）发现缺少决算"
               for key in ("timely", "complete", "readable")}  # fmt: skip
    client.post(at("scoring.show", secret, number), given | reasons, status=303)
    office.score_all(running)
    words = (*names, *phones, secret)
    for _phase in ("verification", "reply"):
        office.pass_phase(running, set_clock)
        client.sign_in("water")
        pages = dict(walk(client, subject))
        assert at("answers.show", subject) in pages
        assert [(page, word) for page in pages for word in words if word in pages[page]] == []
        client.sign_out()
    office.pass_phase(running, set_clock)
    office.change(running, publish_campaign)
    shown = url_for(f"{P}_results.show", running)
    for address in {shown, *ADDRESS.findall(client.get(shown).data.decode())}:
        if f"/evaluation/campaigns/{running}/" in address and "preferences" not in address:
            source = client.get(address).data.decode("utf-8", "replace")
            assert [word for word in words if word in source] == []
    logged = capfd.readouterr()
    with open_session(Scope.platform("test")) as session:
        kept = session.execute(select(Base.metadata.tables["audit_entry"])).all()
    assert kept
    told = logged.out + logged.err + repr(kept)
    assert [word for word in words if word in told] == []


def walk(client, subject):
    """Yield address and source of what an office's staff can reach from its own pages."""
    own = at("answers.show", subject)
    queue, seen = [url_for("console.home"), own], {own, url_for("console.home")}
    while queue:
        address = queue.pop()
        source = client.get(address, allowed={302, 303, 403, 404, 405}).data.decode(
            "utf-8", "replace"
        )
        yield address, source
        if "evaluation" in address or address == url_for("console.home"):
            found = {each for each in ADDRESS.findall(source) if "/console/" in each} - seen
            queue += sorted(found)
            seen |= found
