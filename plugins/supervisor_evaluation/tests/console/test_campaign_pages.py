"""Staff pages of campaigns, from the draft to the reply."""

from io import BytesIO

import pytest
from PIL import Image

from core.sdk import Scope, open_session
from core.testing.factories.people import create_person
from core.testing.pages import url_for
from plugins.supervisor_evaluation.models.campaign import EvaluationCampaign

P = "plugin_supervisor_evaluation"


def at(part, *values, **options):
    return url_for(f"{P}_{part}", *values, **options)


def form_values(page, action):
    """Return the values of the form of a page that is sent to an address."""
    form = next(each for each in page.tree.forms if each.get("action") == action)
    return {name: value for name, value in form.form_values() if name != "csrf_token"}


@pytest.fixture
def officer(client, office, sign_in_as):
    """The county's officer, signed in."""
    sign_in_as("officer", office.tenant)
    return client


def first_subject(office, number):
    return office.change(number, lambda _ctx, row: row.subjects[0].id)


def test_a_campaign_is_prepared_started_and_cloned(officer, office, tree):
    new = officer.get(at("campaigns.new"))
    values = form_values(new, at("campaigns.create"))
    assert values["self_until"]
    sent = values | {"title": "2026年评议", "organs": list(office.organs.values()),
                     "townships": [tree.town.id]}  # fmt: skip
    made = officer.post(at("campaigns.create"), sent).location
    page = officer.get(made)
    assert "东镇" in page.text
    assert "县水务局" in page.text
    version = form_values(page, at("campaigns.start", 1))
    officer.post(at("campaigns.start", 1), version)
    assert "自评" in officer.get(made).text
    officer.get(at("campaigns.index"))
    edit = officer.post(at("campaigns.clone", 1)).location
    assert str(int(values["year"]) + 1) in officer.get(edit).text


def test_what_is_wrong_is_said_at_its_field_and_nothing_is_lost(officer, office):
    values = form_values(officer.get(at("campaigns.new")), at("campaigns.create"))
    wrong = {"title": "评议", "reply_until": values["scoring_until"], "scores_per_subject": "4"}
    page = officer.post(at("campaigns.create"), values | wrong, status=422)
    assert page.tree.xpath("//*[@id='scores_per_subject-error']")
    assert page.tree.xpath("//input[@id='title']/@value") == ["评议"]
    page = officer.post(at("campaigns.create"),
                        values | {"title": "评议", "organs": ["999999"]}, status=422)  # fmt: skip
    assert page.tree.xpath("//*[@id='organs-error']")
    with open_session(Scope.own(office.tenant)) as session:
        assert session.query(EvaluationCampaign).count() == 0


def test_who_scores_whom_can_be_seen_drawn_swapped_and_visited(officer, office, set_clock):
    number = office.make_draft()
    office.open_scoring(number, set_clock)
    page = officer.get(at("assignments.index", number))
    officer.post(at("assignments.draw", number), form_values(page, at("assignments.draw", number)))
    swap = page.tree.xpath("//a[contains(@href,'/swap/')]/@href")[0]
    chooser = officer.get(swap)
    option = chooser.tree.xpath("//select[@id='supervisor']/option/@value")[1]
    sent = form_values(chooser, swap)
    officer.post(swap, sent | {"supervisor": option, "reason": ""}, status=422)
    officer.post(swap, sent | {"supervisor": option, "reason": "出差"})
    visits = at("assignments.visits", number)
    sent = form_values(page, visits)
    officer.post(visits, sent | {"kind": "spot_check"}, status=422)
    subject = first_subject(office, number)
    officer.post(visits, sent | {"kind": "spot_check", "subjects": [subject]})
    text = officer.get(at("assignments.index", number)).text
    assert "出差" in text
    assert "抽查" in text


def test_errors_of_fact_are_noted_and_decided(officer, office, organ_staff, set_clock):
    number = office.make_draft()
    office.open_scoring(number, set_clock)
    office.score_all(number)
    office.pass_phase(number, set_clock)
    subject = first_subject(office, number)
    officer.sign_in("water")
    page = officer.get(at("answers.show", subject))
    facts = at("answers.facts", subject)
    assert "缺少去年的决算" in page.text
    officer.post(facts, form_values(page, facts) | {"note-1": "三月已公开", "confirmed": "1"})
    assert "三月已公开" in officer.get(at("answers.show", subject)).text
    officer.sign_out()
    officer.sign_in(f"officer-{office.tenant.division_code}")
    assert "待裁定的事实异议" in officer.get(url_for("console.home")).text
    show = at("subjects.show", number, subject)
    page = officer.get(show)
    decide = page.tree.xpath("//form[contains(@action,'/notes/')]/@action")[0]
    sent = form_values(page, decide)
    wrong = officer.post(decide, sent | {"points": "55", "reason": "核实", "decided_by": "县办"},
                         status=422)  # fmt: skip
    assert wrong.tree.xpath("//input[@name='reason']/@value")[0] == "核实"
    officer.post(decide, sent | {"points": "10", "reason": "核实属实", "decided_by": "县办"})
    page = officer.get(show)
    assert "核实属实" in page.text
    assert page.tree.xpath("//del/text()") == ["6"]
    officer.sign_out()
    officer.sign_in("water")
    assert "核实属实" in officer.get(at("answers.show", subject)).text


def test_an_office_hands_in_its_self_assessment_with_a_file(client, office, organ_staff):
    number = office.make_draft()
    office.start(number)
    subject = first_subject(office, number)
    client.sign_in("water")
    page = client.get(at("answers.show", subject))
    assess = at("answers.assess", subject)
    sent = form_values(page, assess)
    sent |= {name: "已按时公开" for name in sent if name.startswith("text-")}
    missing = client.post(assess, sent | {"text-timely": "", "submit": "1"}, status=422)
    assert missing.tree.xpath("//*[@id='text-timely-error']")
    wrong = client.post(assess, sent | {"links-timely": "javascript:alert(1)"}, status=422)
    assert wrong.tree.xpath("//*[@id='links-timely-error']")
    client.post(assess, sent | {"submit": "1"})
    picture = BytesIO()
    Image.new("RGB", (9, 9), "green").save(picture, "PNG")
    picture.seek(0)
    page = client.get(at("answers.show", subject))
    files = at("answers.add_file", subject)
    sent = form_values(page, files) | {"indicator": "timely", "file": (picture, "公开栏.png")}
    client.post(files, sent)
    page = client.get(at("answers.show", subject))
    assert "公开栏" in page.text
    link = page.tree.xpath("//ul[@class='attachments']//a/@href")[0]
    assert client.get(link).status == 200


def test_a_colleagues_words_are_not_overwritten(client, office, organ_staff):
    number = office.make_draft()
    office.start(number)
    subject = first_subject(office, number)
    client.sign_in("water")
    assess = at("answers.assess", subject)
    sent = form_values(client.get(at("answers.show", subject)), assess)
    client.post(assess, sent | {"text-timely": "甲"})
    page = client.post(assess, sent | {"text-timely": "乙"}, status=409)
    assert "乙" in page.text


def test_a_township_answers_at_its_own_desk_and_nobody_elses(client, office, tree, set_clock):
    number = office.make_draft(townships=[tree.town])
    office.open_scoring(number, set_clock)
    office.score_all(number)
    office.pass_phase(number, set_clock)
    subjects = office.change(number, lambda _ctx, row: {s.name: s.id for s in row.subjects})
    create_person("town", "liaison", tree.town)
    client.sign_in("town")
    own = at("answers.show", subjects["东镇"], place=tree.town)
    assert "缺少去年的决算" in client.get(own).text
    facts = at("answers.facts", subjects["东镇"], place=tree.town)
    client.post(facts, form_values(client.get(own), facts) | {"note-2": "地址写错了"})
    assert "评议事实待核对" in client.get(url_for("console.home", place=tree.town)).text
    client.get(at("answers.show", subjects["县水务局"], place=tree.town), status=404)
    client.get(at("answers.show", subjects["东镇"]), status=403)
    create_person("sister", "liaison", tree.sister_town)
    client.sign_out()
    client.sign_in("sister")
    client.get(at("answers.show", subjects["东镇"], place=tree.sister_town), status=404)
    client.sign_out()
    create_person("office", "officer", office.tenant)
    client.sign_in("office")
    page = client.get(at("subjects.show", number, subjects["东镇"]))
    assert "地址写错了" in page.text
    assert "待裁定的事实异议" in client.get(url_for("console.home")).text


def test_an_organs_own_staff_opens_its_own_subject_only(client, office, organ_staff):
    number = office.make_draft()
    office.start(number)
    client.sign_in("water")
    ids = office.change(number, lambda _ctx, row: {s.name: s.id for s in row.subjects})
    client.get(at("answers.show", ids["县水务局"]))
    client.get(at("answers.show", ids["县民政局"]), status=403)
    client.post(at("answers.reply", ids["县民政局"]), {"reply": "x"}, status=403)
    for page in ("campaigns.index", "campaigns.new"):
        client.get(at(page), status=403)
    client.get(at("campaigns.show", number), status=403)
    client.get(at("assignments.index", number), status=403)
    client.get(at("subjects.show", number, ids["县水务局"]), status=403)


def test_a_reply_goes_through_review(client, office, organ_staff, set_clock):
    number = office.make_draft()
    office.open_scoring(number, set_clock)
    office.score_all(number)
    office.pass_phase(number, set_clock)
    office.pass_phase(number, set_clock)
    subject = first_subject(office, number)
    client.sign_in("water")
    reply = at("answers.reply", subject)
    page = client.get(at("answers.show", subject))
    client.post(reply, form_values(page, reply), status=422)
    client.post(reply, form_values(page, reply) | {"reply": "感谢", "mended": "已补"})
    client.sign_out()
    create_person("office", "officer", office.tenant)
    client.sign_in("office")
    review = at("subjects.review", number, subject)
    page = client.get(at("subjects.show", number, subject))
    sent = form_values(page, review)
    client.post(review, sent | {"act": "return"}, status=422)
    client.post(review, sent | {"act": "return", "reason": "请写日期"})
    client.sign_out()
    client.sign_in("water")
    assert "请写日期" in client.get(at("answers.show", subject)).text
