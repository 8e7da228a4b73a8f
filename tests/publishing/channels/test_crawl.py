"""No public route shows a row of what is on paper only; the printed sheet has them all."""

import itertools
from dataclasses import replace
from io import BytesIO

import pytest
from PIL import Image

from core.catalog.domain.changes import Define, DefineDomain, Refine
from core.clock import today
from core.db.scope import Scope, open_session
from core.permissions import OPERATOR
from core.plugins.loading.host import installed
from core.publishing.channels.board import NewPosting, add_posting, list_postings
from core.publishing.content import Content, FileRef
from core.publishing.files.attachments import add_attachment
from core.publishing.files.validation import CheckedFile, check_file
from core.publishing.lists.domain.model import ColumnType, ListData, TypedColumn
from core.publishing.models import Publication
from core.publishing.rules import CHECKS
from core.publishing.search.documents import search_kind
from core.publishing.takedown.service import take_down
from core.publishing.workflow.channel_changes import decide_again
from core.publishing.workflow.drafts import (
    create_publication,
    get_working_content,
    save_content,
    submit,
)
from core.publishing.workflow.review import pass_review
from core.search.indexing.indexer import drain_all
from core.search.indexing.reconcile import prepare
from core.search.registry import search_engine
from core.storage.files import current_files
from core.tenancy.service import ensure_organ
from core.testing.factories.catalog import FIRST, approve_changes, item_fields
from core.testing.factories.trees import COUNTY, TOWN, VILLAGE
from core.testing.pages import url_for

NAMES = [f"韦有才{number:03}" for number in range(40)]
TITLE = "东关补助发放明细榜"
FILED, IN_FILE = "发放明细.txt", "韦附件里的人"
SITE, BOARD = ["政府网站", "村务公开栏"], ["村务公开栏"]
SECRETS = ("韦有才", "韦附件", TITLE)


@pytest.fixture
def listed(tree, app, plugin_on):
    """A list of forty households on the site, with a file; all plugins on, the index made."""
    prepare(search_engine())
    made = [DefineDomain("jiuzhu", "社会救助"), Define(FIRST, item_fields(channels=SITE))]
    approve_changes(tree.county, *made)
    for name in installed(app):
        plugin_on(name, tree.county)
    data = ListData(
        (TypedColumn("hu", "户主", ColumnType.NAME), TypedColumn("je", "金额", ColumnType.MONEY)),
        tuple((name, "100") for name in NAMES),
    )
    with open_session(Scope.own(tree.village)) as session:
        publication = _publish(session, tree.village, data)
    drain_all(search_engine())
    return publication


def _publish(session, tenant, data) -> Publication:
    organ = ensure_organ(session, tenant, tenant.name, "committee").id
    content = Content(
        title=TITLE, body_source="经村民代表会议评议。", list_data=data, organ_id=organ,
        item_id=FIRST, genre="村务公开", formed_on=today(),
    )  # fmt: skip
    made = create_publication(session, OPERATOR, tenant, content)
    file = CheckedFile(IN_FILE.encode(), FILED, "text/plain")
    kept = add_attachment(session, current_files(), made, file)
    content = get_working_content(session, made)
    save_content(session, OPERATOR, made, replace(content, files=(FileRef(kept.id),)))
    submit(session, OPERATOR, made)
    pass_review(session, OPERATOR, made, dict.fromkeys(CHECKS, True))
    return made


def list_addresses(app, publication):
    """Every address of a public route: each place, numbers that exist, words that would find it."""
    numbers = sorted({publication.id, 1})
    values = {
        "code": (COUNTY, TOWN, VILLAGE),
        "item_id": (FIRST,),
        "name": (FILED,),
        "domain_key": ("jiuzhu",),
    }
    adapter = app.url_map.bind("localhost")
    for rule in app.url_map.iter_rules():
        view = app.view_functions[rule.endpoint]
        if "GET" not in rule.methods or view.access not in {"public", "open"}:
            continue
        names = sorted(rule.arguments)
        choices = [
            values.get(name) or getattr(rule._converters[name], "items", None)
            or (numbers if name in {"id", "number"} else ("1",))
            for name in names
        ]  # fmt: skip
        for chosen in itertools.product(*choices):
            path = adapter.build(rule.endpoint, dict(zip(names, chosen, strict=True)))
            yield rule.endpoint, path
            if "code" in names:
                yield rule.endpoint, f"{path}?q={TITLE}&item={FIRST}&genre=村务公开"


def find_leaks(app, publication):
    """Return the endpoints whose answers hold a name, the title or the text of the file."""
    client, found, asked = app.test_client(), set(), set()
    for endpoint, address in list_addresses(app, publication):
        answer = client.get(address)
        asked.add(endpoint)
        words = SECRETS  # a title that was asked for is said again: there the link tells
        if "?" in address:
            link = f"/publications/{publication.id}/"
            words = (*SECRETS[:2], *(() if link in address else (link,)))
        if any(word in answer.get_data().decode(errors="replace") for word in words):
            found.add(endpoint)
        answer.close()
    assert len(asked) > 40
    return found


def test_no_public_route_shows_it_once_the_channels_do_not(app, tree, listed, sign_in):
    shown = find_leaks(app, listed)
    assert {"publishing.show", "publishing.index", "search.page", "catalog.item"} <= shown
    assert {"publishing.file", "plugin_feeds.feed"} & shown
    approve_changes(tree.county, Refine(FIRST, "channels", BOARD, SITE))
    assert find_leaks(app, listed) == set(), "in the transaction of the change"
    decide_again()
    drain_all(search_engine())
    with open_session(Scope.platform("test")) as session:
        assert list(search_kind().load(session, [str(listed.id)])) == []
    address = url_for("publishing_board.sheet", listed.id, place=VILLAGE)
    sheet = sign_in("clerk").get(address).text
    assert [name for name in NAMES if name not in sheet] == []


def test_no_public_route_shows_what_one_person_took_offline(app, tree, listed):
    """Emergency takedown: in its own transaction, before the index has followed (N30)."""
    assert find_leaks(app, listed)
    with open_session(Scope.own(tree.village)) as session:
        take_down(session, OPERATOR, session.get_one(Publication, listed.id), "泄露")
    assert find_leaks(app, listed) == set()
    drain_all(search_engine())
    with open_session(Scope.platform("test")) as session:
        assert list(search_kind().load(session, [str(listed.id)])) == []


def test_the_page_of_the_item_says_when_it_hung_and_how_many_rows(tree, client, listed):
    approve_changes(tree.county, Refine(FIRST, "channels", BOARD, SITE))
    page = client.get(url_for("catalog.item", FIRST, place=VILLAGE)).text
    assert "尚未补充" in page
    picture = BytesIO()
    Image.new("RGB", (60, 40), "white").save(picture, "PNG")
    with open_session(Scope.own(tree.village)) as session:
        publication = session.get_one(Publication, listed.id)
        file = check_file("签字榜.png", picture.getvalue(), most_bytes=10**6)
        said = NewPosting("sheet", today(), None, 40, "")
        add_posting(session, OPERATOR, publication, said, file)
        number = list_postings(session, publication)[0].id
    page = client.get(url_for("catalog.item", FIRST, place=VILLAGE)).text
    assert f"{today()}" in page
    assert "40 行" in page
    assert not [word for word in SECRETS if word in page]
    address = url_for("publishing_board.file", listed.id, number, place=VILLAGE)
    client.get(address, status=302)  # the photograph shows the rows: staff only
