"""The command, the jobs and the doctor."""

import json

import pytest
from click.testing import CliRunner

from core.clock import now
from core.db.scope import open_session
from core.errors import Invalid
from core.jobs.presence import WorkerPresence
from core.operations.checks import run_checks
from core.settings import current_settings
from core.static_pages.commands import publish_static
from core.static_pages.falling import find_folder, take_everything_down
from core.static_pages.jobs import check_nightly, write_due
from tests.static_pages.files import publish, sent, write


def run(*arguments):
    ran = CliRunner().invoke(publish_static, [*arguments, "--json"])
    return ran.exit_code, json.loads(ran.stdout)


def test_the_command_counts(app, tree):
    code, counts = run("--tenant", "990111")
    assert code == 0
    assert counts["written"] == 1
    assert counts["pages"] > 3
    assert run("--tenant", "990111") == (
        0,
        {"written": 0, "unchanged": 1, "overtaken": 0, "pages": 0},
    )
    assert run()[1]["written"] > 5


@pytest.mark.parametrize(
    ("missing", "wrong"),
    [
        ({"static_pages": ""}, "GONGKAI_STATIC_PAGES"),
        ({"page_cache": "off"}, "GONGKAI_PAGE_CACHE"),
        ({"public_url": ""}, "GONGKAI_PUBLIC_URL"),
    ],
)
def test_the_command_says_what_is_missing(app, tree, monkeypatch, missing, wrong):
    monkeypatch.setitem(app.extensions, "gongkai", current_settings().changed(**missing))
    code, answer = run()
    assert code == 1
    assert wrong in answer["error"]["fields"]


def test_an_unknown_place_is_named(app, tree):
    code, answer = run("--tenant", "999999")
    assert code == 1
    assert answer["error"]["code"] == "not_found"


def test_jobs_write_what_changed_and_look_at_night(app, tree):
    write_due()
    assert sent("990111").exists()
    publish(tree.county, "停水通知")
    assert not sent("990111").exists()
    write_due()
    assert "停水通知" in sent("990111").read_text("utf-8")
    sent("990111").write_text("old")
    check_nightly()
    assert not sent("990111").exists()


def test_a_program_that_starts_takes_all_away(app, tree):
    write("990111", "990112")
    take_everything_down()
    assert not sent("990111").exists()
    assert find_folder().list_linked() == []
    write("990111")
    assert sent("990111").exists()


def test_a_program_that_cannot_take_pages_away_says_so(app, tree, folder):
    folder.root.parent.mkdir(exist_ok=True)
    folder.root.write_text("a file is in the way")
    with pytest.raises(Invalid) as raised:
        take_everything_down()
    assert "GONGKAI_STATIC_PAGES" in raised.value.fields


def check(app):
    return next(each for each in run_checks(app) if each.name == "static pages")


def test_the_doctor_says_what_is_wrong(app, tree, monkeypatch, settings):
    assert check(app).ok
    inside = settings.changed(static_pages=str(settings.data_dir / "pages"))
    with monkeypatch.context() as patch:
        patch.setitem(app.extensions, "gongkai", inside)
        assert "GONGKAI_STATIC_PAGES" in check(app).remedy
    with open_session(None) as session:
        session.add(WorkerPresence(host="another", process=1, seen_at=now()))
    assert "another" in check(app).detail
    assert not check(app).ok
