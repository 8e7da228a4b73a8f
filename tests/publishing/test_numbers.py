"""Index numbers: as the place wants them, one after the other, whoever asks at the same time."""

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import select

from core.db.scope import Scope, open_session
from core.db.tree import Tenant
from core.publishing.index_numbers import give_index_number, give_index_numbers
from core.publishing.models import IndexCounter
from core.tenancy.service import ensure_organ

pytestmark = pytest.mark.both_databases

DAY = date(2026, 4, 10)
ROOT = Path(__file__).parents[2]


def test_the_nearest_pattern_counts_and_organs_have_rows_of_their_own(platform, tree):
    county = platform.get_one(Tenant, tree.county.id)
    county.profile = {"index_number": "{area}{dept}/{year}{month}-{seq:3}"}
    finance = ensure_organ(platform, county, "甲县财政局")
    finance.index_code = "008"
    office = ensure_organ(platform, county, "甲县人民政府办公室")
    office.index_code = "001"
    give = [give_index_number(platform, county, organ, DAY) for organ in (finance, finance, office)]
    assert give == ["990111008/202604-001", "990111008/202604-002", "990111001/202604-001"]


def test_an_organ_without_a_code_is_numbered_by_its_place(platform, tree):
    organ = ensure_organ(platform, tree.village, "村委会", "committee")
    assert give_index_number(platform, tree.village, organ, DAY) == "990111100201/2026-00001"
    assert give_index_number(platform, tree.village, None, DAY) == "990111100201/2026-00002"


def test_a_pattern_that_numbers_nothing_is_left_aside(platform, tree):
    platform.get_one(Tenant, tree.county.id).profile = {"index_number": "{nothing}"}
    assert give_index_number(platform, tree.county, None, DAY) == "990111/2026-00001"


def test_a_number_that_was_rolled_back_was_never_given(app, tree):
    with open_session(Scope.own(tree.county)) as session:
        give_index_number(session, tree.county, None, DAY)
        session.rollback()
    with open_session(Scope.own(tree.county)) as session:
        assert give_index_number(session, tree.county, None, DAY) == "990111/2026-00001"


def test_threads_never_get_the_same_number(app, tree):
    def give(_turn: int) -> list[str]:
        with app.app_context(), open_session(Scope.own(tree.county)) as session:
            return give_index_numbers(session, tree.county, None, DAY, 3)

    with ThreadPoolExecutor(4) as pool:
        given = [number for numbers in pool.map(give, range(12)) for number in numbers]
    assert sorted(given) == [f"990111/2026-{n:05}" for n in range(1, 37)]


PROGRAM = """
import sys
from datetime import date
from core.app import create_app
from core.db.scope import Scope, open_session
from core.publishing.index_numbers import give_index_number
from core.tenancy.service import get_tenant
with create_app().app_context():
    for _ in range(10):
        with open_session(None) as session:
            county = get_tenant(session, "990111")
        with open_session(Scope.own(county)) as session:
            print(give_index_number(session, county, None, date(2026, 4, 10)))
"""


def test_processes_never_get_the_same_number(app, tree, settings, monkeypatch):
    monkeypatch.setenv("GONGKAI_DATABASE_URL", settings.database_url)
    monkeypatch.setenv("GONGKAI_DATA_DIR", str(settings.data_dir))
    monkeypatch.setenv("GONGKAI_SECRET_KEY", "key-of-the-tests")
    command = [sys.executable, "-c", PROGRAM]
    running = [
        subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=ROOT) for _ in range(2)
    ]
    given = [line for process in running for line in process.communicate()[0].split()]
    assert sorted(given) == [f"990111/2026-{n:05}" for n in range(1, 21)]
    with open_session(Scope.own(tree.county)) as session:
        assert session.scalars(select(IndexCounter.last)).one() == 20
