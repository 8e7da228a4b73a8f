"""Every download of the route map over real gunicorn, and what the server's log says of people.

A test client takes headers that a server refuses: files with Chinese names were a 500 there.
"""

import inspect
import re
from dataclasses import dataclass
from http.cookiejar import CookieJar
from urllib.parse import unquote, urlencode
from urllib.request import HTTPCookieProcessor, ProxyHandler, build_opener

import pytest
from sqlalchemy import select

from core.catalog.uploads.service import store_upload
from core.db.scope import Scope, open_session
from core.permissions import OPERATOR
from core.publishing.content import Content
from core.publishing.lists.domain.model import ColumnType, ListData, TypedColumn
from core.publishing.models import Attachment
from core.publishing.workflow.api import NewFile, start_publication
from core.storage.files import current_files
from core.testing.factories.catalog import define_items
from core.testing.factories.people import PASSWORD, create_person
from core.testing.factories.plugins import set_policy
from core.testing.factories.publishing import publish_at
from core.testing.pages import url_for
from core.testing.serving import serve_installation
from plugins.open_day.registrations.service import register
from plugins.open_day.registrations.validation import RegistrationRequest
from plugins.open_day.tests.factories import make_day
from tests.web.site.evaluation_downloads import list_evaluation_downloads

MAKERS = re.compile(
    r"\b(_send_pdf|send_download|send_list|send_file|file_response|send_table|build_calendar)\("
)
DISPOSITION = re.compile(r"(?:attachment|inline); .*filename\*=UTF-8''([^; ]+)")
PLAIN = re.compile(r'attachment; filename="?[\w.-]+"?')
TOKEN = re.compile(r'name="csrf_token" value="([^"]+)"')
NAME, PHONE, STRANGER = "欧阳小明", "13812345678", "13912345679"


def download_endpoints(app):
    """Endpoints whose views hand out a file to be saved."""
    views = {name: inspect.unwrap(view) for name, view in app.view_functions.items()}
    return {name for name, view in views.items() if MAKERS.search(inspect.getsource(view))}


class Browser:
    """Somebody at the served site, with cookies and forms."""

    def __init__(self, url):
        self._url = url
        self._opener = build_opener(ProxyHandler({}), HTTPCookieProcessor(CookieJar()))

    def get(self, path):
        with self._opener.open(self._url + path, timeout=60) as answer:
            return answer.status, answer.headers, answer.read()

    def post(self, path, form, fields):
        """Send the form of a page, with its token."""
        token = TOKEN.search(self.get(form)[2].decode())[1]
        data = urlencode({"csrf_token": token, **fields}).encode()
        with self._opener.open(self._url + path, data, timeout=60) as answer:
            return answer.status, answer.headers, answer.read()


@dataclass(frozen=True)
class Things:
    """What the site has to hand out, by its id in addresses."""

    day: int
    slot: int
    ticket: str
    file: tuple[int, str]
    upload: int
    listed: int
    evaluation: dict[str, list]


@pytest.fixture
def things(app, tree):
    county = tree.county
    set_policy("open_day", county)
    set_policy("service_map", county)
    set_policy("supervisor_evaluation", county)
    set_policy("village_sync", county)
    define_items(county, "jiuzhu", "社会救助", {"jz-1": ("低保", ("county",))})
    officer = create_person("officer", "officer", county)
    evaluation = list_evaluation_downloads(tree)
    with open_session(Scope.own(county)) as session:
        day = make_day(session, county, title="“政府开放日”·走进：审批局")
        asked = RegistrationRequest(name=NAME, phone=PHONE, consent=True)
        ticket = register(session, day, day.slots[0], asked).code
        note = NewFile("关于停水的说明.txt", b"x")
        start_publication(session, OPERATOR, county, Content(title="公告"), [note])
        file = session.scalars(select(Attachment)).one()
        upload = store_upload(
            session,
            officer,
            county,
            filename="目录（试行）.csv",
            digest=current_files().put(b"a,b"),
            parsed={"tables": []},
        )
        columns = (TypedColumn("item", "项目", ColumnType.TEXT),)
        rows = ListData(columns, (("路灯",),), caption="“采购”清单")
        listed = publish_at(session, county, Content(title="采购结果", list_data=rows))
        return Things(
            day.id, day.slots[0].id, ticket, (file.id, file.filename), upload.id, listed.id,
            evaluation,
        )  # fmt: skip


def list_downloads(things):
    """What to ask for at each endpoint: a path, and the form and its fields where it is a POST."""
    export = url_for("plugin_open_day_files.export", things.day)
    year = url_for("plugin_open_day_year.index")
    bulk, publications = url_for("publishing_bulk.choose"), url_for("publishing_console.index")
    whole = {"format": "xlsx", "whole": "1", "reason": "核对"}
    got = {
        "catalog.download": [("xlsx",), ("docx",), ("html",), ("csv",), ("json",)],
        "catalog.download_domain": [("jiuzhu", "xlsx"), ("jiuzhu", "csv")],
        "catalog_uploads.file": [(things.upload,)],
        "catalog_uploads.template": [()],
        "publishing.file": [things.file],
        "publishing.list_file": [(things.listed, "xlsx"), (things.listed, "csv")],
        "people.export": [()],
        "publishing_console.export": [()],
        "plugin_village_sync_dashboard.export": [()],
        "publishing_import.template": [()],
        "publishing_reviewing.blank_form": [(things.listed,)],
        "plugin_open_day.calendar": [(things.day,)],
        "plugin_open_day.feed": [()],
        "plugin_open_day_tickets.calendar": [(things.ticket,)],
        "plugin_service_map_coverage.export": [()],
        "plugin_service_map_poster.poster": [()],
        "plugin_service_map_statistics.export": [()],
    }
    evidence = url_for("plugin_open_day_files.evidence", things.day)
    return {name: [(url_for(name, *parts),) for parts in ways] for name, ways in got.items()} | {
        "plugin_open_day_files.exported": [
            (export, export, {"format": "csv"}),
            (export, export, whole),
        ],
        "plugin_open_day_files.evidence": [(evidence, export, {})],
        "publishing_bulk.choose": [(bulk, publications, {"bulk": "export", "which": "every"})],
        "plugin_open_day_year.export": [(f"{year}export/", year, {"year": "2026"})],
        **things.evaluation,
    }


def is_named_well(line):
    """Whether the line names the file so that every browser saves it under its Chinese name."""
    named = DISPOSITION.match(line)
    if named is None:
        return PLAIN.fullmatch(line) is not None
    return line.isascii() and re.search("[一-鿿]", unquote(named[1])) is not None


def test_every_download_is_answered_and_the_log_names_nobody(app, things, settings, tmp_path):
    asked = list_downloads(things)
    assert set(asked) == download_endpoints(app), "say above how a new download is asked for"
    form = url_for("plugin_open_day_registration.form", things.day, things.slot)
    look_up = url_for("plugin_open_day_tickets.look_up")
    person = {"name": NAME, "phone": STRANGER, "people": "1", "consent": "1"}
    log = tmp_path / "log"
    with serve_installation(settings, workers=1, log=log) as served:
        staff = Browser(served.url)
        sign_in = url_for("accounts.sign_in")
        staff.post(sign_in, sign_in, {"username": "officer", "password": PASSWORD})
        for path, *sent in (way for ways in asked.values() for way in ways):
            status, headers, body = staff.post(path, *sent) if sent else staff.get(path)
            assert (status, bool(body)) == (200, True), path
            assert is_named_well(headers["Content-Disposition"]), path
            assert headers["X-Content-Type-Options"] == "nosniff"
        citizen = Browser(served.url)
        assert citizen.post(form, form, person)[0] == 200
        found = {"phone": PHONE, "ticket": things.ticket}
        assert citizen.post(look_up, look_up, found)[0] == 200
    written = log.read_text()
    personal = (NAME, PHONE, STRANGER, things.ticket, "officer")
    assert not [word for word in personal if word in written]
