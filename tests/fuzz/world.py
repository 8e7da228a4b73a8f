"""Things to aim at: made in the demonstration county by its staff and a citizen, over its pages."""

import re
from datetime import timedelta
from io import BytesIO
from pathlib import Path

from lxml import html
from PIL import Image
from sqlalchemy import select

from core.clock import today
from core.db.base import utc_now
from core.db.scope import Scope, open_session
from core.db.tree import Tenant
from core.messages.models import MessageCase
from core.permissions import OPERATOR, Role
from core.publishing.content import Content
from core.publishing.guard.models import PublicationFinding
from core.publishing.models import Publication
from core.publishing.queries import is_public
from core.publishing.takedown.service import take_down
from core.publishing.withheld.service import enter_item
from core.sdk import file_store
from core.settings import current_settings
from core.tables.formats.legacy.conversion import set_office_program
from core.tenancy.service import ensure_organ, get_tenant
from core.testing.factories.office import OLD_DOCUMENT, put_office_program
from core.testing.factories.people import PASSWORD, create_person
from core.testing.factories.publishing import publish_at
from core.testing.pages import url_for
from core.testing.pdf import read_pdf_text
from core.web.context import Context
from plugins.supervisor_evaluation.campaigns.assigning import list_assignments
from plugins.supervisor_evaluation.campaigns.lifecycle import make_transition
from plugins.supervisor_evaluation.campaigns.statements import ensure_statement
from plugins.supervisor_evaluation.domain.phases import CampaignTransition
from plugins.supervisor_evaluation.indicators import list_scored
from plugins.supervisor_evaluation.models.campaign import EvaluationCampaign, EvaluationEvidence
from plugins.supervisor_evaluation.models.register import EvaluationSupervisor
from plugins.supervisor_evaluation.register import REGISTER
from plugins.supervisor_evaluation.tests.results.scored import (
    add_people,
    add_scores,
    add_subject,
    make_campaign,
    publish,
)
from plugins.village_sync.models.sync import SyncComparison

OFFICER = "officer"
TABLE = Path(__file__).parents[2] / "tenants/demo-county/catalog/items.csv"
ADDRESS = re.compile(r'(?:href|action)="([^"#?]+)"')
CITIZEN = {
    "name": "王芳",
    "phone": "13912345678",
    "people": "1",
    "consent": "yes",
    "eligible": "yes",
}
SUPERVISOR = {"name": "马志强", "phone": "13912345678", "birth_year": "1980", "unit": "融媒体中心"}
VOICE = {f"grade-a{number}": "satisfied" for number in range(9)} | {"words": "请公开得早些"}
PEOPLE = "姓名,电话\n王芳,13912345678\n"


def create_officer(code):
    """Make somebody who holds every role at the county."""
    with open_session(None) as session:
        county = get_tenant(session, code)
    first, *more = [(role.value, county) for role in Role]
    create_person(OFFICER, *first, *more)


def sign_in(app, username):
    """A browser in which somebody is signed in; nobody where no name is given."""
    client = app.test_client()
    if username:
        client.post(
            url_for("accounts.sign_in_submit"), data={"username": username, "password": PASSWORD}
        )
    return client


def build_picture():
    """A picture of one colour."""
    stream = BytesIO()
    Image.new("RGB", (8, 8), "green").save(stream, "PNG")
    stream.seek(0)
    return stream


def publish_evaluation(code):
    """Publish the results of an evaluation; return the ids of its campaign and of a subject."""
    with open_session(None) as session:
        county = get_tenant(session, code)
    with open_session(Scope.own(county)) as session:
        campaign = make_campaign(session, county, level="grades_and_scores")
        subject = add_subject(session, campaign, "县民政局")
        people = add_people(session, county, 5)
        add_scores(session, subject, people, *[9] * 5)
        publish(session, county, campaign)
        return campaign.id, subject.id


def find_list():
    """Find a public list of the demonstration; return the address of its file."""
    with open_session(Scope.platform("fuzz")) as session:
        query = select(Publication).where(Publication.list_data.is_not(None), is_public())
        listed = session.scalars(query).first()
        return url_for("publishing.list_file", listed.id, "csv", place=listed.tenant)


def find_address(text, pattern):
    """Return the first address in a page that fits."""
    return next(found for found in ADDRESS.findall(text) if re.search(pattern, found))


def invite_person(client, at, code):
    """Invite somebody; return the address of the page about this person."""
    sent = {"name": "李信", "username": "lixin", "role": "clerk", "place": code}
    sheet = client.post(at("people.create"), data=sent).text
    return find_address(sheet, "/console/people/[0-9]+/")


def build_targets(client, code):
    """Make one of each thing that has pages of its own; return the addresses to begin from."""

    def at(endpoint, *parts):
        return url_for(endpoint, *parts, place=code)

    def post(address, /, **data):
        answer = client.post(address, data=data)
        assert answer.status_code < 500, (address, answer.text)
        return answer.location

    def fill(page, **data):
        """Send the first form of a page that takes one of the fields."""
        tree = html.document_fromstring(client.get(page).text)
        form = next(form for form in tree.forms if set(data) & set(form.inputs.keys()))
        return post(form.get("action"), **dict(form.form_values()) | data)

    def find(page, pattern):
        return find_address(client.get(page).text, pattern)

    upload = post(at("catalog_uploads.index"), file=(BytesIO(TABLE.read_bytes()), "目录.csv"))
    put_office_program(current_settings().data_dir, "exit 1")
    waiting = post(at("catalog_uploads.index"), file=(BytesIO(OLD_DOCUMENT), "目录.doc"))
    set_office_program("soffice")
    text = {"title": "公告", "body": "正文", "no_item_reason": "无", "formed_on": str(today())}
    draft = post(at("publishing_console.create"), **text, act="save")
    post(at("publishing_console.create"), **text | {"title": "公告二"}, act="submit")
    article = find(at("publishing.index"), "/publications/[0-9]+/$")
    board = article.replace("/publications/", "/console/publications/") + "board/"
    scan = (build_picture(), "签字榜.png")
    post(board, kind="sheet", posted_on=str(today()), row_count="3", file=scan)
    third = post(at("publishing_console.create"), **text | {"title": "公告三"}, act="save")
    post(f"{third}discard/")
    post(at("search_console.add"), word="娃娃", other="儿童")
    first = {"date": str(today() + timedelta(days=9)), "starts": "09:00", "ends": "10:00"}
    day = fill(at("plugin_open_day_days.new"), title="走进水厂", capacity="9", **first)
    post(f"{day}categories/", usual="yes")
    fill(f"{day}questions/new/", label="年龄", kind="number")
    fill(f"{day}nominations/", units="民政局 3")
    fill(f"{day}replies/", questions="水价")
    fill(f"{day}invite/", names=PEOPLE)
    link = find(f"{day}nominations/", "/nominations/[0-9]+/link/")
    units = re.search(
        r"/[0-9]+/open-days/units/[^/]+/", client.post(link, data={"act": "make"}).text
    )
    event = find(at("plugin_open_day.index"), "/open-days/[0-9]+/")
    ticket = fill(find(event, "/register/"), **CITIZEN)
    enquiry = post(at("messages.send", "portal.enquiry", "place"), text="几点下班")
    post(at("messages_console.contacts"), phone="13800000001")
    told = find(at("messages_console.contacts"), "/[0-9]+/console/messages/contacts/[0-9]+/")
    point = fill(at("plugin_service_map_points.new"), name="政务服务中心", phones="12345")
    post(f"{point}care/closures/", starts_on=str(today()), reason="停电")
    post(f"{point}care/moves/", moves_on=str(today() + timedelta(days=9)), address="新区")
    post(f"{point}care/photos/", photo=(build_picture(), "门口.png"), alt="正门")
    post(at("plugin_service_map_imports.take"), act="confirm", rows="名称\t类型\n甲站\t公示栏\n")
    evaluation = build_evaluation(client, at, post, fill)
    campaign, subject = publish_evaluation(code)
    staff = "plugin_supervisor_evaluation_staff_results"
    parts = ("nominations/", "replies/", "form/", "people/", "door/", "")
    return [
        upload,
        waiting,
        draft,
        *build_batches(at, post, draft),
        board,
        find_list(),
        at("item_templates.edit", "CN-shenong-butie-002"),
        *(f"{day}{part}" for part in parts),
        units[0],
        event,
        ticket,
        enquiry,
        told,
        invite_person(client, at, code),
        point,
        point.replace("/console/", "/"),
        f"{point}care/",
        point.replace("/console", ""),
        at("plugin_service_map_imports.index"),
        *evaluation,
        at("plugin_supervisor_evaluation_results.show", campaign),
        at(f"{staff}.show", campaign),
        at(f"{staff}.own", subject),
        *build_vote(at, post, fill, find),
        *run_campaign(code, at, client),
        at("publishing_acts.detail", publish_with_finding(code)),
        *build_objection(code, at, post),
        at("publishing_takedown.decision", *take_one_down(code)),
        at("publishing_withheld.show", enter_withheld_item(code)),
        *list_compared(at),
    ]


def build_objection(code, at, post):
    """Publish a list in its publicity period, key in an objection; return their addresses."""
    with open_session(None) as session:
        county = get_tenant(session, code)
    with open_session(Scope.own(county)) as session:
        content = Content(title="公示名单", body_source="名单如下。", publicity_days=7)
        number = publish_at(session, county, content).id
    post(at("publishing_decisions.expect", number), due_on=str(today()))
    told = {"channel": "phone", "came_on": str(today()), "text": "漏了一户"}
    desk = post(at("publishing_objections.add", number), **told)
    with open_session(Scope.own(county)) as session:  # one that leads to a correction
        case = session.scalars(select(MessageCase).where(MessageCase.key == str(number))).one()
        case.state, case.outcome, case.reply_author_name = "replied", "upheld", OFFICER
        case.replied_at = utc_now()
    form = at("messages.form", "publishing.objection", number)
    return [desk, f"{desk}terms/", form, at("publishing_decisions.show", number)]


def enter_withheld_item(code):
    """Enter something in the register of what is withheld; return its id."""
    with open_session(None) as session:
        county = get_tenant(session, code)
    with open_session(Scope.own(county)) as session:
        values = {
            "organ_id": ensure_organ(session, county, county.name, "government").id,
            "reference": "12号", "nature": "withheld", "ground": "internal", "third_party": "",
            "decided_by": "李某", "decided_on": today(), "next_on": today() + timedelta(days=9),
        }  # fmt: skip
        return enter_item(session, OPERATOR, county, values).id


def take_one_down(code):
    """Publish a text and take it offline; return its id and that of the takedown."""
    with open_session(None) as session:
        county = get_tenant(session, code)
    with open_session(Scope.own(county)) as session:
        public = publish_at(session, county, Content(title="公告", body_source="正文。"))
        return public.id, take_down(session, OPERATOR, public, "表述错误").id


def build_batches(at, post, draft):
    """One act on a draft, and an upload that is looked at; return the addresses to begin from."""
    lines = (BytesIO(b'{"title": "a", "body": "b"}'), "lines.jsonl")
    return [
        post(at("publishing_bulk.run"), act="submit", row=f"{draft.split('/')[-2]}.1"),
        post(at("publishing_import.upload"), files=lines),
    ]


def list_compared(at):
    """Addresses of lists that are compared, of a difference and of an explained one."""
    with open_session(Scope.platform("fuzz")) as session:
        rows = session.scalars(select(SyncComparison).order_by(SyncComparison.id)).all()
        explained = next(row for row in rows if row.state == "explained")
        village = session.get_one(Tenant, explained.tenant_id)
        cases = "plugin_village_sync_cases.show"
        return [
            *(at(cases, row.id) for row in rows),
            url_for("plugin_village_sync_compared.show", explained.id, place=village),
            at("plugin_village_sync_pairs.index"),
        ]


def publish_with_finding(code):
    """Publish a text in which personal data is found later, by new rules; return its id."""
    with open_session(None) as session:
        county = get_tenant(session, code)
    with open_session(Scope.own(county)) as session:
        public = publish_at(session, county, Content(title="处罚决定", body_source="决定如下。"))
        of = {"tenant_id": county.id, "publication_id": public.id, "revision": public.revision}
        session.add(PublicationFinding(**of, field="body", kind="phone", count=1))
        return public.id


def build_vote(at, post, fill, find):
    """Open a public vote, key in a sheet and vote; return the addresses to begin from."""
    times = {"opens_at": "2026-01-01T00:00", "closes_at": "2199-01-01T00:00"}
    vote = fill(at("plugin_supervisor_evaluation_vote_desk.new"), title="社会评议", **times)
    post(f"{vote}step/", step="open", version="1")
    meeting = {"channel": "meeting", "day": str(today()), "place": "会议中心", "collected": "0"}
    record = post(f"{vote}records/new/", **meeting)
    post(f"{record}sheets/", number="1", is_void="1")
    chosen = f"{vote.replace('/console', '')}vote/"
    ballot = find(chosen, "/vote/[0-9]+/")
    post(ballot, **VOICE)
    return [vote, record, f"{vote}remarks/", chosen, ballot]


def run_campaign(code, at, client):
    """Let the demonstration's campaign go on until an error of fact is noted.

    Return the addresses of the campaign, of its subject, of scores on a desk, and of the office.
    """
    with open_session(None) as session:
        county = get_tenant(session, code)

    def run(act):
        with open_session(Scope.subtree(county, "fuzz")) as session:
            ctx = Context(session, county, OPERATOR)
            query = select(EvaluationCampaign).where(EvaluationCampaign.state != "published")
            return act(ctx, session.scalars(query).one())

    def begin(ctx, campaign):
        rows = list_assignments(ctx.session, campaign)
        row = next(one for one in rows if one.state == "assigned" and one.subject.organ_id)
        person = ctx.session.get(EvaluationSupervisor, row.supervisor_id)
        campaign.minimum = 3  # of fewer reasons none is shown that could be disputed
        file = {"name": "a.txt", "media_type": "text/plain", "size": 1, "indicator": "timely"}
        statement = ensure_statement(ctx, row.subject)
        digest = file_store().put(b"x")
        values = {"statement_id": statement.id, "digest": digest} | file
        ctx.session.add(EvaluationEvidence(tenant_id=county.id, **values))
        keys = [each.key for each in list_scored(campaign, row.subject.group)]
        return campaign.id, row.subject_id, row.id, REGISTER.make_link(ctx, person), keys

    number, subject, assignment, secret, keys = run(begin)
    scores = at("plugin_supervisor_evaluation_scoring.show", secret, assignment)
    given = {f"points-{key}": "6" for key in keys} | {f"reason-{key}": "缺少附表" for key in keys}
    client.post(scores, data=given | {"photos-timely": (build_picture(), "公开栏.png")})
    closing = CampaignTransition.CLOSE_SCORING
    run(lambda ctx, campaign: make_transition(ctx, campaign, closing, today()))
    own = at("plugin_supervisor_evaluation_answers.show", subject)
    facts = at("plugin_supervisor_evaluation_answers.facts", subject)
    client.post(facts, data={"note-1": "已经公开", "version": "1"})
    show = at("plugin_supervisor_evaluation_campaigns.show", number)
    about = at("plugin_supervisor_evaluation_subjects.show", number, subject)
    return [show, f"{show}assignments/", about, scores, own]


def build_evaluation(client, at, post, fill):
    """A supervisor with a desk, indicators, and a finding that was reported as mended."""
    supervisor = fill(at("plugin_supervisor_evaluation_register.new"), **SUPERVISOR)
    fill(supervisor, act="appoint")
    office = re.search("organ:[0-9]+", client.get(supervisor).text)[0]
    post(f"{supervisor}conflicts/", subject=office, why="亲属任职")
    letter = client.post(f"{supervisor}letter/").get_data()
    desk = re.search(r"/[0-9]+/evaluation/desk/[\w-]+/", read_pdf_text(letter))[0]
    indicators = post(at("plugin_supervisor_evaluation_indicators.derive"))
    due = str(today() + timedelta(days=9))
    page = at("plugin_supervisor_evaluation_findings.new")
    finding = fill(page, subject=office, text="目录没有更新", due_on=due)
    fill(finding, report="已更新", files=(build_picture(), "整改后.png"))
    return [supervisor, desk, indicators, finding]
