"""Votes move into the tables of the core's kit with every voice, and back again."""

import json

import pytest
from sqlalchemy import inspect, text

from core.testing.migrating import downgrade_one, filled_before, list_steps, upgrade_one

MOVED = "supervisor_evaluation_0005"
OLD = "supervisor_evaluation_vote"


@pytest.fixture
def connection(databases, database_kind, tmp_path):
    """A database as it was before the move, with other votes in the core's tables already."""
    with filled_before(databases, database_kind, tmp_path, MOVED) as made:
        yield made


def find_chain():
    return next(chain for chain, revision in list_steps() if revision == MOVED)


def run(connection, statement, **values):
    return connection.execute(text(statement), values)


def read(connection, column, table, number):
    """A column of a row; JSON as what it says."""
    value = connection.scalar(text(f"SELECT {column} FROM {table} WHERE id = :id"), {"id": number})
    is_json = isinstance(value, str) and value[:1] in ("{", "[")
    return json.loads(value) if is_json else value


def prepare(connection):
    """Have results and a sheet of paper name a subject; return vote, subject, sheet, record."""
    first = {
        table: connection.scalar(text(f"SELECT min(id) FROM {OLD}{table}"))
        for table in ("", "_subject", "_sheet", "_record", "_ballot")
    }
    results = json.dumps([{"subject": first["_subject"], "rate": "75.50"}])
    run(connection, f"UPDATE {OLD} SET title = '社会评议', results = :it WHERE id = :id",
        it=results, id=first[""])  # fmt: skip
    rows = json.dumps({str(first["_subject"]): "13"})
    run(connection, f"UPDATE {OLD}_sheet SET rows = :it WHERE id = :id", it=rows,
        id=first["_sheet"])  # fmt: skip
    run(connection, f"UPDATE {OLD}_ballot SET voter_digest = 'abc' WHERE id = :id",
        id=first["_ballot"])  # fmt: skip
    connection.commit()
    return first


def find_vote(connection, table="vote"):
    return connection.scalar(text(f"SELECT id FROM {table} WHERE title = '社会评议'"))


@pytest.mark.both_databases
def test_votes_move_with_whatever_names_their_subjects(connection):
    prepare(connection)
    upgrade_one(connection, find_chain(), MOVED)
    vote = find_vote(connection)
    assert read(connection, "kind", "vote", vote) == "supervisor_evaluation.vote"
    [result] = read(connection, "results", "vote", vote)
    assert result["rate"] == "75.50"
    assert read(connection, "vote_id", "vote_subject", result["subject"]) == vote
    subjects = "SELECT key, peer_group FROM vote_subject WHERE vote_id = :id"
    kept = {(key.partition("-")[0], group) for key, group in run(connection, subjects, id=vote)}
    assert kept <= {("organ", "department"), ("township", "township")}
    sheets = [rows for (rows,) in run(connection, "SELECT rows FROM vote_sheet")]
    sheets = [json.loads(rows) if isinstance(rows, str) else rows for rows in sheets]
    assert {str(result["subject"]): "13"} in sheets
    ballot = connection.scalar(text("SELECT id FROM vote_ballot WHERE voter_digest = 'abc'"))
    assert read(connection, "subject_id", "vote_ballot", ballot) is not None
    assert not [name for name in inspect(connection).get_table_names() if name.startswith(OLD)]


@pytest.mark.both_databases
def test_a_vote_that_comes_after_the_move_has_a_number_of_its_own(connection):
    prepare(connection)
    upgrade_one(connection, find_chain(), MOVED)
    names = [column["name"] for column in inspect(connection).get_columns("vote")]
    copied = ", ".join(name for name in names if name != "id")
    last = connection.scalar(text("SELECT max(id) FROM vote"))
    run(connection, f"INSERT INTO vote ({copied}) SELECT {copied} FROM vote WHERE id = :id",
        id=last)  # fmt: skip
    assert connection.scalar(text("SELECT max(id) FROM vote")) == last + 1


@pytest.mark.both_databases
def test_going_back_brings_the_votes_back_and_leaves_those_of_others(connection):
    first = prepare(connection)
    others = connection.scalar(text("SELECT count(*) FROM vote"))
    upgrade_one(connection, find_chain(), MOVED)
    downgrade_one(connection, find_chain())
    vote = find_vote(connection, OLD)
    [result] = read(connection, "results", OLD, vote)
    assert read(connection, "vote_id", f"{OLD}_subject", result["subject"]) == vote
    voters = connection.scalars(text(f"SELECT voter_digest FROM {OLD}_ballot")).all()
    assert "abc" in voters
    assert connection.scalar(text("SELECT count(*) FROM vote")) == others
    assert first[""]
