"""While a long import runs, others save: it holds the database for a moment, piece by piece."""

import pytest

from core.db.engine import db
from core.tenancy.models import Organ

LINES = [{"title": f"通知 {number}", "body": "正文"} for number in range(120)]


@pytest.mark.both_databases
def test_others_save_between_the_pieces_of_an_import(take, tree):
    """Whoever saves at such a moment need not wait at all: no lock is left, not even for a tick."""
    saved = []

    def save(_lines):
        with db.engine.connect() as connection:
            if db.engine.dialect.name == "sqlite":
                connection.exec_driver_sql("PRAGMA busy_timeout=0")
                connection.exec_driver_sql("BEGIN IMMEDIATE")
            organ = {"tenant_id": tree.county.id, "name": f"科{len(saved)}", "kind": "department"}
            connection.execute(Organ.__table__.insert().values(**organ))
            connection.commit()
            saved.append(organ["name"])

    report = take(*LINES, progress=save)
    assert (report.created, report.rejected) == (len(LINES), [])
    assert len(saved) > 1


def test_a_piece_that_took_long_is_followed_by_a_smaller_one(take, monkeypatch):
    """A slow machine makes pieces smaller, not the wait of others longer."""
    monkeypatch.setattr("core.db.turns.TARGET_SECONDS", 0)
    pieces = []
    take(*LINES[:40], progress=pieces.append)
    assert sum(pieces) == 40
    assert max(pieces[1:]) < pieces[0]
