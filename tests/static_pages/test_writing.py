"""Pages lie in files as readers without any choice get them, and fall with what they show."""

import gzip
import os
import stat
from datetime import timedelta

import pytest
from sqlalchemy import event, update

from core import clock
from core.catalog.domain.changes import Refine
from core.db.engine import db
from core.db.scope import Scope, open_session
from core.db.tree import Tenant
from core.db.versions import PageVersion
from core.permissions import OPERATOR
from core.publishing.models import Publication
from core.static_pages import writing
from core.static_pages.checking import find_trouble
from core.static_pages.folder import INDEX
from core.static_pages.service import check_all, list_places
from core.static_pages.writing import PlaceOutcome
from core.testing.factories.catalog import FIRST, approve_changes, define_items
from core.testing.factories.plugins import set_policy
from core.testing.factories.publishing import withdraw as withdraw_publication
from tests.static_pages.files import HOST, place_named, publish, sent, write

LEVELS = ("county", "township", "village")


def linked(tree):
    return {name for name in ("county", "town", "village", "far_village", "other_county")
            if sent(getattr(tree, name).division_code).exists()}  # fmt: skip


def assert_files_are_true(client, code):
    """Compare the files of a place with what the application answers."""
    top = sent(code).parent
    files = list(top.rglob(INDEX))
    assert len(files) > 3
    for file in files:
        path = file.parent.relative_to(top).as_posix()
        address = f"/{code}/" if path == "." else f"/{code}/{path}/"
        assert file.read_bytes() == client.get(address, base_url=f"https://{HOST}").data, address


EVERYWHERE = {"county", "town", "village", "far_village", "other_county"}


@pytest.mark.both_databases
def test_files_hold_what_readers_get(app, tree, client):
    publish(tree.county, "停水通知")
    results = write()
    assert {result.outcome for result in results} == {PlaceOutcome.WRITTEN}
    assert_files_are_true(client, "990111")
    file = sent("990111")
    assert "停水通知" in file.read_text("utf-8")
    compressed = file.with_name(f"{INDEX}.gz")
    assert gzip.decompress(compressed.read_bytes()) == file.read_bytes()
    assert {result.outcome for result in write()} == {PlaceOutcome.UNCHANGED}


def test_the_web_server_may_read_them_whatever_the_data_folder_allows(app, tree, folder):
    before = os.umask(0o077)
    try:
        write("990111")
    finally:
        os.umask(before)
    file = sent("990111")
    for path in (file, file.with_name(f"{INDEX}.gz"), *file.resolve().parents):
        if folder.root in path.parents or path == folder.root:
            wanted = 0o755 if path.is_dir() else 0o644
            assert stat.S_IMODE(path.stat().st_mode) == wanted, path
    assert stat.S_IMODE(folder.live.stat().st_mode) == 0o755


@pytest.mark.both_databases
def test_a_change_takes_its_place_those_above_and_those_below_away(app, tree):
    write()
    assert linked(tree) == EVERYWHERE
    publish(tree.village, "村里的通知")
    assert linked(tree) == EVERYWHERE - {"village", "town", "county"}
    write()
    publish(tree.county, "县里的通知")
    assert linked(tree) == {"other_county"}
    write()
    define_items(tree.nation, "jiuzhu", "社会救助", {FIRST: ("政策", LEVELS)})
    assert linked(tree) == set()


CHANGES = {
    "withdrawn": lambda tree, number: withdraw(tree.town, number),
    "catalog": lambda tree, _: approve_changes(tree.town, Refine(FIRST, "level2", "新", base=None)),
    "plugin": lambda tree, _: set_policy("open_day", tree.town, "on"),
    "renamed": lambda tree, _: rename(tree.town),
}


def withdraw(place, number):
    with open_session(Scope.own(place)) as session:
        withdraw_publication(session, OPERATOR, session.get_one(Publication, number), "有误")


def rename(place):
    with open_session(None) as session:
        session.get_one(Tenant, place.id).name = "新名镇"


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_whatever_changes(app, tree, client, change):
    define_items(tree.nation, "jiuzhu", "社会救助", {FIRST: ("政策", LEVELS)})
    number = publish(tree.town, "停水通知")
    code = tree.town.division_code
    write()
    assert sent(code).exists()
    change(tree, number)
    assert not sent(code).exists()
    assert not sent("990111").exists()
    write()
    assert_files_are_true(client, code)


def fail(connection):
    raise RuntimeError("no commit")


@pytest.fixture
def broken_commits(app):
    """A database that commits nothing."""
    event.listen(db.engine, "commit", fail)
    yield
    if event.contains(db.engine, "commit", fail):
        event.remove(db.engine, "commit", fail)


def test_a_change_that_is_rolled_back_leaves_pages_that_can_be_written_again(
    app, tree, folder, request
):
    write("990111")
    request.getfixturevalue("broken_commits")
    with pytest.raises(RuntimeError, match="no commit"):
        publish(tree.county, "通知")
    event.remove(db.engine, "commit", fail)
    assert not sent("990111").exists()
    assert list((folder.root / "changing").iterdir()) == []
    assert [result.outcome for result in write("990111")] == [PlaceOutcome.WRITTEN]
    assert sent("990111").exists()


def test_what_ends_before_the_day_does_is_in_no_file(app, tree, set_clock):
    set_clock(clock.first_moment(clock.today()) + timedelta(hours=8))
    ends = clock.now() + timedelta(hours=2)
    publish(tree.town, "马上发布的通知", published_at=ends)
    code = tree.town.division_code
    write(code)
    assert not sent(code, "publications").exists()
    assert sent(code, "catalog").exists()


def test_no_file_holds_a_form_a_search_or_another_place(app, tree, plugin_on):
    plugin_on("open_day", tree.county)
    write()
    for tenant in (tree.county, tree.town, tree.village):
        code = tenant.division_code
        files = list(sent(code).parent.rglob(INDEX))
        assert len(files) > 3
        assert not any("search" in str(file) or "console" in str(file) for file in files)
        for file in files:
            text = file.read_text("utf-8")
            assert "csrf_token" not in text
            assert f"https://{HOST}/{code}/" in text


def test_what_changes_while_pages_are_written_is_not_linked(app, tree, monkeypatch):
    list_links = writing._list_links

    def overtaken(body, place):
        monkeypatch.setattr(writing, "_list_links", list_links)
        publish(tree.county, "刚发布的通知")
        return list_links(body, place)

    monkeypatch.setattr(writing, "_list_links", overtaken)
    assert [result.outcome for result in write("990111")] == [PlaceOutcome.OVERTAKEN]
    assert not sent("990111").exists()
    assert [result.outcome for result in write("990111")] == [PlaceOutcome.WRITTEN]
    assert "刚发布的通知" in sent("990111").read_text("utf-8")


def test_pages_of_yesterday_are_not_found_and_removed(app, tree, set_clock, folder):
    noon = clock.first_moment(clock.today()) + timedelta(hours=12)
    set_clock(noon)
    write("990111")
    yesterday = sent("990111")
    set_clock(noon + timedelta(days=1))
    assert not sent("990111").exists()
    write("990111")
    assert sent("990111").exists()
    assert not yesterday.exists()


@pytest.mark.both_databases
def test_the_nightly_check_finds_what_changed_past_the_program(app, tree, settings):
    write()
    assert list(check_all()) == []
    assert find_trouble(settings) is None
    with open_session(None) as session:  # a database that was put back, another machine
        raised = update(PageVersion).values(own=PageVersion.own + 1)
        session.merge(PageVersion(place_id=tree.town.id, own=5, subtree=5))
        session.execute(raised.where(PageVersion.place_id == tree.town.id))
    assert find_trouble(settings).remedy
    below = {place.code for place in list_places() if tree.town.id in place.chain}
    assert {place.code for place in check_all()} == below
    assert find_trouble(settings) is None


def test_the_nightly_check_compares_pages(app, tree):
    write()
    sent("990111", "catalog").write_text("<p>old</p>")
    assert [place.code for place in check_all()] == ["990111"]
    assert not sent("990111").exists()


def test_a_county_with_a_name_of_its_own_is_found_under_that_alone(app, tree, folder):
    with open_session(None) as session:
        session.get_one(Tenant, tree.county.id).hostname = "county.gov.example"
    write()
    assert not sent("990111").exists()
    assert (folder.live / "county.gov.example" / "990111").exists()
    assert place_named(tree.town).netloc == "county.gov.example"
