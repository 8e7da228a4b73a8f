"""When a publicity period ends the page stays findable, its text does not (N32)."""

import json
from datetime import timedelta

import pytest
from sqlalchemy import select

from core.db.scope import Scope, open_session
from core.publishing.models import Publication
from core.publishing.search import documents

LINE = {
    "id": "p1", "title": "低保新增对象公示", "body": "户主 张建国 保障人口 2", "publicity_days": 7,
}  # fmt: skip


@pytest.fixture
def publicity(tree, gongkai, tmp_path):
    path = tmp_path / "p.jsonl"
    line = LINE | {"tenant": tree.town.division_code}
    path.write_text(json.dumps(line, ensure_ascii=False), encoding="utf-8")
    county = tree.county.division_code
    assert gongkai("publication", "import", str(path), "--tenant", county, "--approve").status == 0


@pytest.fixture
def document(app, publicity, set_clock):
    """What is findable so many days before the last one of the period."""

    def load(days_left):
        with open_session(Scope.platform("test")) as session:
            columns = select(Publication.id, Publication.publicity_until)
            key, until = session.execute(columns).one()
            set_clock(until - timedelta(days=days_left))
            (found,) = documents.search_kind().load(session, [str(key)])
        return found

    return load


def test_while_it_runs_its_text_is_found_until_its_last_day(document):
    found = document(0)
    assert "保障人口" in found.body
    assert "张建国" not in found.body + found.summary
    assert found.expires_at is not None


def test_afterwards_only_the_page_is_found(document):
    found = document(-1)
    assert found.title == "低保新增对象公示"
    assert (found.body, found.summary, found.expires_at) == ("", "", None)
