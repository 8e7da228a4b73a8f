"""When a publicity period ends the page stays findable, its text does not (N32)."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from core.catalog.effective import today
from core.db.scope import Scope, open_session
from core.publishing.findability import search_kind
from core.publishing.models import Publication

LINE = '{"id": "p1", "title": "低保新增对象公示", "body": "户主 张建国 保障人口 2", "tenant": "%s"}'


@pytest.fixture
def publicity(tree, gongkai, tmp_path):
    path = tmp_path / "p.jsonl"
    path.write_text(LINE % tree.town.division_code, encoding="utf-8")
    county = tree.county.division_code
    assert gongkai("publication", "import", str(path), "--tenant", county, "--approve").status == 0


def document(days_left):
    with open_session(Scope.platform("test")) as session:
        publication = session.scalars(select(Publication)).one()
        with session.no_autoflush:  # in memory only: the database refuses unreviewed changes
            publication.publicity_until = today() + timedelta(days=days_left)
            (found,) = search_kind().load(session, [str(publication.id)])
        session.rollback()
    return found


def test_while_it_runs_its_text_is_found_until_its_last_day(app, publicity):
    found = document(0)
    assert "保障人口" in found.body
    assert "张建国" not in found.body + found.summary
    assert found.expires_at is not None


def test_afterwards_only_the_page_is_found(app, publicity):
    found = document(-1)
    assert found.title == "低保新增对象公示"
    assert (found.body, found.summary, found.expires_at) == ("", "", None)
