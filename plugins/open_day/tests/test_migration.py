"""The rows of open days move into the tables of the core's kit, from a filled database."""

import json

import pytest
from sqlalchemy import inspect, text

from core.testing.migrating import (
    downgrade_one,
    filled_before,
    list_steps,
    load_indexes,
    load_objects,
    upgrade_one,
)

MOVED, ANNOUNCED, WISHED = "open_day_0005", "open_day_0006", "open_day_0007"
KEY = "a key of sixteen or more"
QUESTION = {"key": "q1", "kind": "grade", "label": "总体评价", "options": [], "required": True}


@pytest.fixture
def connection(databases, database_kind, tmp_path):
    """A filled database as it was before the move."""
    with filled_before(databases, database_kind, tmp_path, MOVED) as made:
        yield made


@pytest.fixture
def announced(databases, database_kind, tmp_path):
    """A filled database as it was before announcements without times and numbers."""
    with filled_before(databases, database_kind, tmp_path, ANNOUNCED) as made:
        yield made


@pytest.fixture
def wished(databases, database_kind, tmp_path):
    """A filled database as it was before changes could be asked for."""
    with filled_before(databases, database_kind, tmp_path, WISHED) as made:
        yield made


def run(connection, statement, **values):
    return connection.execute(text(statement), values)


def rows(connection, statement, **values):
    return [dict(row) for row in run(connection, statement, **values).mappings()]


def prepare(connection):
    """Make the rows say something; return the id of a day and of its tenant."""
    day = rows(connection, "SELECT id, tenant_id FROM open_day_day ORDER BY id")[0]
    run(connection, "UPDATE tenant SET path = '/' || id || '/'")
    for table in ("questionnaire", "survey_answer", "survey_use"):
        run(connection, f"DELETE FROM open_day_{table}")
    own = {"tenant": day["tenant_id"], "day": day["id"]}
    run(
        connection,
        "INSERT INTO open_day_questionnaire (tenant_id, open_day_id, questions, least, is_open,"
        " is_public) VALUES (:tenant, :day, :questions, 4, :yes, :no)",
        **own, questions=json.dumps([QUESTION]), yes=True, no=False,
    )  # fmt: skip
    run(
        connection,
        "INSERT INTO open_day_survey_answer (id, tenant_id, open_day_id, answers)"
        " VALUES (9007199254740000, :tenant, :day, :answers)",
        **own, answers=json.dumps({"q1": "mostly"}),
    )  # fmt: skip
    run(
        connection,
        "INSERT INTO open_day_survey_use (digest, tenant_id, open_day_id)"
        " VALUES ('abc', :tenant, :day)",
        **own,
    )
    run(connection, "UPDATE open_day_registration SET phone = '13812345678', code = 'ABCD' || id")
    run(connection, "UPDATE open_day_notice SET about = 'waiting', sent_at = NULL, attempts = 0")
    run(connection, "UPDATE open_day_telling SET upto = 0")
    run(
        connection,
        "UPDATE open_day_event SET registration_id = (SELECT min(id) FROM open_day_registration),"
        " tenant_id = :tenant, open_day_id = :day",
        **own,
    )
    run(connection, "DELETE FROM plugin_setting")
    for field, value in (("webhook_url", "https://oa.example/hook"), ("webhook_key", KEY)):
        run(
            connection,
            "INSERT INTO plugin_setting (tenant_id, plugin, field, value, locked, set_at)"
            " VALUES (:tenant, 'open_day', :field, :value, :no, '2026-01-01 00:00:00+00:00')",
            tenant=day["tenant_id"], field=field, value=json.dumps(value), no=False,
        )  # fmt: skip
    connection.commit()
    return day


def find_chain(wanted=MOVED):
    return next(chain for chain, revision in list_steps() if revision == wanted)


@pytest.mark.both_databases
def test_rows_move_and_the_old_tables_go(connection):
    day = prepare(connection)
    notices = len(rows(connection, "SELECT id FROM open_day_notice"))
    upgrade_one(connection, find_chain(), MOVED)
    [moved] = rows(connection, "SELECT * FROM questionnaire WHERE kind = 'open_day.survey'")
    assert (moved["key"], moved["minimum"]) == (str(day["id"]), 4)
    assert "总体评价" in json.dumps(moved["questions"], ensure_ascii=False) or moved["questions"]
    answers = "SELECT answers FROM questionnaire_answer WHERE questionnaire_id = :id"
    [answer] = rows(connection, answers, id=moved["id"])
    assert "mostly" in str(answer["answers"])
    uses = "SELECT digest FROM questionnaire_use WHERE questionnaire_id = :id"
    assert rows(connection, uses, id=moved["id"]) == [{"digest": "abc"}]
    queued = rows(connection, "SELECT * FROM queued_notice WHERE topic = 'open_day.waiting'")
    assert len(queued) == notices
    assert {(each["recipient"], each["state"]) for each in queued} == {("13812345678", "queued")}
    [endpoint] = rows(connection, "SELECT * FROM webhook_endpoint WHERE url LIKE '%oa.example%'")
    assert (endpoint["topic"], endpoint["secret"]) == ("open_day.registration", KEY)
    untold = rows(
        connection, "SELECT body FROM webhook_delivery WHERE endpoint_id = :id", id=endpoint["id"]
    )
    assert len(untold) == 2
    assert json.loads(untold[0]["body"])["open_day"] == day["id"]
    left = {table for table in inspect(connection).get_table_names() if "open_day" in table}
    assert not left & {"open_day_notice", "open_day_telling", "open_day_questionnaire"}


@pytest.mark.both_databases
def test_going_back_brings_the_questionnaires_back(connection):
    day = prepare(connection)
    upgrade_one(connection, find_chain(), MOVED)
    downgrade_one(connection, find_chain())
    [survey] = rows(connection, "SELECT * FROM open_day_questionnaire")
    assert (survey["open_day_id"], survey["least"]) == (day["id"], 4)
    [answer] = rows(connection, "SELECT answers FROM open_day_survey_answer")
    assert "mostly" in str(answer["answers"])
    assert rows(connection, "SELECT digest FROM open_day_survey_use") == [{"digest": "abc"}]
    assert not rows(connection, "SELECT id FROM questionnaire WHERE kind = 'open_day.survey'")


@pytest.mark.both_databases
def test_sessions_that_are_there_keep_what_they_announced(announced):
    query = "SELECT id, starts_at, ends_at, capacity, taken FROM open_day_slot ORDER BY id"
    before = rows(announced, query)
    upgrade_one(announced, find_chain(ANNOUNCED), ANNOUNCED)
    assert rows(announced, query) == before
    [told] = rows(
        announced,
        "SELECT DISTINCT start_shown, end_shown, is_counted, time_text, capacity_text"
        " FROM open_day_slot",
    )
    assert [bool(told[name]) for name in ("start_shown", "end_shown", "is_counted")] == [True] * 3
    assert (told["time_text"], told["capacity_text"]) == ("", "")
    assert not any(row["by_telephone"] for row in rows(announced, "SELECT * FROM open_day_day"))
    downgrade_one(announced, find_chain(ANNOUNCED))
    assert rows(announced, query) == before
    assert "end_shown" not in {c["name"] for c in inspect(announced).get_columns("open_day_slot")}


@pytest.mark.both_databases
def test_going_back_from_wished_changes_keeps_every_registration(wished):
    query = "SELECT * FROM open_day_registration ORDER BY id"
    before = rows(wished, query)
    upgrade_one(wished, find_chain(WISHED), WISHED)
    assert before
    assert rows(wished, query) == [{**row, "change_request": None} for row in before]
    wish = json.dumps({"people": 2})
    run(wished, "UPDATE open_day_registration SET change_request = :wish", wish=wish)
    wished.commit()
    objects, indexes = load_objects(wished), load_indexes(wished)
    downgrade_one(wished, find_chain(WISHED))
    assert rows(wished, query) == before
    assert (load_objects(wished), load_indexes(wished)) == (objects, indexes)
