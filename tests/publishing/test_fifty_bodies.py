"""Fifty pasted and imported texts: no markup anywhere, every row under the right headings."""

import json
import re

import pytest
from lxml import etree
from sqlalchemy import select

from core.db.scope import Scope, open_session
from core.permissions import OPERATOR
from core.publishing.importing.importer import PublicationImport
from core.publishing.models import Publication
from core.publishing.rules import CHECKS
from core.publishing.workflow.review import pass_review
from core.search.indexing.indexer import drain
from core.search.registry import search_engine
from core.tenancy.service import ensure_organ
from core.testing.factories.trees import COUNTY
from core.testing.pages import url_for
from tests.publishing.fifty_bodies import BODIES, HEADS, ROWS, WORDS
from tests.publishing.records.samples import TYPED

_MARKUP = re.compile(
    r"</?[a-z!?][^<>]*>|&[a-z]+;|&#\d+;|[{}]|mso-|MsoNormal|TRS_|\[(?:if|endif)", re.IGNORECASE
)


def read_tables(element):
    for table in element.iter("table"):
        rows = [
            [cell.text_content().strip("\xa0 \n") for cell in row.iter("td")]
            for row in table.iter("tr")
        ]
        yield (
            tuple(cell.text_content().strip() for cell in table.iterfind("thead/tr/th")),
            [tuple(row) for row in rows if len(row) == len(HEADS)],
        )


def check_article(page, name):
    (body,) = page.select("//*[contains(@class, 'article__body')]")
    assert list(read_tables(body)) == [(HEADS, list(ROWS))], name
    assert WORDS in body.text_content(), name
    assert not _MARKUP.search(body.text_content()), name


@pytest.fixture
def lists(client, plugin_on, tree):
    """The feed, the list of all publications and the results of a search, as text."""
    plugin_on("feeds", tree.county)
    search_engine().backend.ensure()

    def read():
        drain(search_engine())
        feed = client.get(url_for("plugin_feeds.atom", place=COUNTY))
        pages = [
            client.get(url_for("publishing.index", place=COUNTY)),
            client.get(f"{url_for('search.page', place=COUNTY)}?q=公示"),
        ]
        told = "".join(etree.fromstring(feed.data).itertext())
        assert WORDS in told
        assert any(WORDS in page.text for page in pages)
        return [told] + [page.select("//main")[0].text_content() for page in pages]

    return read


def test_fifty_bodies_by_import(app, client, tree, platform, lists):
    lines = [
        {"id": str(n), "title": name, "body": body, "publish_date": "2026-09-01"}
        for n, (name, body) in enumerate(BODIES.items())
    ]
    with app.test_request_context(), open_session(Scope.subtree(tree.county, "test")) as session:
        run = PublicationImport(session, OPERATOR, tree.county, approve=True)
        report = run.run("\n".join(json.dumps(line, ensure_ascii=False) for line in lines))
    assert (report.created, report.rejected) == (len(BODIES), [])
    for row in platform.scalars(select(Publication)).all():
        check_article(client.get(url_for("publishing.show", row.id, place=COUNTY)), row.title)
        assert not _MARKUP.search(row.summary), row.title
    for text in lists():
        assert not _MARKUP.search(text)


def test_fifty_bodies_in_the_form(client, sign_in, platform, lists, tree):
    organ = ensure_organ(platform, tree.county, "甲县民政局")
    platform.commit()
    staff = sign_in("officer")
    address = url_for("publishing_console.create", place=COUNTY)
    common = {"no_item_reason": "自愿公开", "formed_on": "2026-09-01", "organ_id": str(organ.id)}
    common |= TYPED
    for name, body in BODIES.items():
        form = common | {"title": name, "body": body}
        shown = staff.post(address, form | {"act": "preview"}, status=200)
        (preview,) = shown.select("//*[@id='text-preview']")
        assert list(read_tables(preview)) == [(HEADS, list(ROWS))], name
        seen = shown.select("//input[@name='body_seen']/@value")[0]
        staff.post(address, form | {"act": "submit", "body_seen": seen})
    staff.sign_out()
    for row in platform.scalars(select(Publication)).all():
        pass_review(platform, OPERATOR, row, dict.fromkeys(CHECKS, True))
    platform.commit()
    for row in platform.scalars(select(Publication)).all():
        check_article(client.get(url_for("publishing.show", row.id, place=COUNTY)), row.title)
    for text in lists():
        assert not _MARKUP.search(text)
