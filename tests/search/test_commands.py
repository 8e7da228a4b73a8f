"""`gongkai search`, as operators' programs call it."""

import pytest
from click.testing import CliRunner

from core.search.cli.commands import search_command
from core.search.indexing.indexer import drain

KEYS = {
    "total", "total_exact", "hits", "partial", "answers", "suggestions", "corrected", "relaxed",
    "degraded", "backend", "took_ms",
}  # fmt: skip
HIT_KEYS = {"id", "kind", "title", "snippet", "tenant", "url", "published_on", "source_id"}


@pytest.fixture
def run(app, engine):
    """Call the command in this application."""
    import json

    del engine

    def call(*arguments):
        with app.app_context():
            done = CliRunner().invoke(search_command, [*arguments, "--json"])
        return done.exit_code, json.loads(done.stdout) if done.stdout.strip() else None

    return call


@pytest.fixture
def offices(engine, tree, organs):
    organs.add(tree.county, "民政局", address="低保")
    organs.add(tree.village, "村委会", address="低保 status")
    organs.add(tree.sister_village, "邻村委会", address="低保")
    drain(engine)
    return tree


def test_the_answer_has_the_published_shape(run, offices):
    status, answer = run("低保", "--tenant", offices.village.division_code)
    assert status == 0
    assert answer.keys() >= KEYS
    assert answer["total"] == 2
    hit = answer["hits"][0]
    assert hit.keys() >= HIT_KEYS
    assert hit["tenant"] == offices.village.division_code
    assert hit["url"].startswith(f"/{offices.village.division_code}/")
    assert hit["snippet"] == "<mark>低保</mark> status"
    assert hit["kind"] == "organ"
    assert (answer["answers"], answer["corrected"], answer["relaxed"]) == ([], None, False)
    assert (answer["degraded"], answer["backend"]) == (False, "embedded")


def test_scope_kind_and_limit_narrow_and_widen(run, offices):
    code = offices.village.division_code
    assert run("低保", "--tenant", code, "--scope", "own")[1]["total"] == 1
    assert run("低保", "--tenant", code, "--scope", "township")[1]["total"] == 2
    assert run("低保", "--tenant", code, "--scope", "county")[1]["total"] == 3
    limited = run("低保", "--tenant", offices.county.division_code, "--limit", "1")[1]
    assert (limited["total"], len(limited["hits"])) == (3, 1)
    assert run("低保", "--tenant", code, "--kind", "organ")[1]["total"] == 2
    status, refused = run("低保", "--tenant", code, "--kind", "nothing")
    assert (status, refused["error"]["code"]) == (1, "invalid")


def test_words_of_the_command_can_be_asked_behind_two_dashes(app, engine, offices):
    with app.app_context():
        runner = CliRunner()
        arguments = ["--tenant", offices.village.division_code, "--json", "--", "status"]
        done = runner.invoke(search_command, arguments)
        assert '"hits"' in done.stdout
        assert '"村委会"' in done.stdout
        done = runner.invoke(search_command, ["status", "--json"])
        assert '"lag"' in done.stdout


def test_wrong_usage_ends_in_two_and_what_cannot_be_in_one(run):
    assert run("低保")[0] == 2
    assert run("低保", "--tenant", "990111", "--limit", "0")[0] == 2
    assert run("--tenant", "990111")[0] == 2
    status, answer = run("低保", "--tenant", "123456")
    assert (status, answer["error"]["code"]) == (1, "not_found")


def test_verify_ends_in_one_until_the_index_agrees(run, tree, organs):
    organs.add(tree.county, "民政局")
    status, drift = run("verify")
    assert (status, drift["missing"], drift["stale"], drift["extra"]) == (1, 1, 0, 0)
    status, drained = run("drain")
    assert (status, drained["settled"] > 0, drained["pending"], drained["parked"]) == (
        0,
        True,
        0,
        0,
    )
    assert run("verify")[0] == 0


def test_rebuild_reports_what_it_built(run, tree, organs):
    organs.add(tree.county, "民政局")
    status, built = run("rebuild")
    assert (status, built["built"], built["pending"]) == (0, 1, 0)
    assert run("verify")[0] == 0


def test_status_is_wanting_where_something_was_given_up(run, tree, organs):
    organs.add(tree.county, "毒")
    assert run("status")[0] == 0
    assert run("drain")[0] == 1
    status, now = run("status")
    assert (status, now["parked"]) == (1, 1)


def test_an_index_that_is_not_there_is_an_error_with_a_code(run, engine, tree):
    (engine.backend._folder / "CURRENT").unlink()
    engine.backend.close()
    status, answer = run("verify")
    assert (status, answer["error"]["code"]) == (1, "unavailable")
    status, answer = run("低保", "--tenant", tree.county.division_code)
    assert (status, answer["degraded"]) == (0, True)


def test_the_program_knows_the_command(gongkai):
    assert gongkai("init").status == 0
    asked = gongkai("search", "低保", "--tenant", "990111", "--json")
    assert (asked.status, asked.json["error"]["code"]) == (1, "not_found")
    assert gongkai("search", "verify", "--json").json["missing"] == 0
