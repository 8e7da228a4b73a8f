"""Long lists are cut into pages, in memory and by the database."""

import pytest
from sqlalchemy import select

from core.db.scope import open_session
from core.db.tree import Tenant
from core.web.paging import paginate, paginate_rows


@pytest.mark.parametrize(
    ("number", "rows", "links"),
    [
        (1, [0, 1, 2], {"next": 2}),
        (2, [3, 4, 5], {"prev": 1, "next": 3}),
        (3, [6], {"prev": 2}),
        (9, [6], {"prev": 2}),
        (-1, [0, 1, 2], {"next": 2}),
    ],
)
def test_a_page_of_rows_in_memory(number, rows, links):
    page = paginate_rows(range(7), number, 3)
    assert (list(page.rows), page.pages, page.total, page.links) == (rows, 3, 7, links)


def test_nothing_makes_one_empty_page():
    page = paginate_rows([], 1, 10)
    assert (page.rows, page.number, page.pages, page.total, page.links) == ([], 1, 1, 0, {})


@pytest.mark.both_databases
def test_a_page_of_a_query(tree):
    query = select(Tenant).order_by(Tenant.path)
    with open_session(None) as session:
        every = session.scalars(query).all()
        page = paginate(session, query, 2, 4)
        assert (page.rows, page.total, page.number) == (every[4:8], len(every), 2)
        assert paginate(session, query, 99, 4).rows == every[-(len(every) % 4 or 4) :]
        assert paginate(session, query.where(Tenant.id < 0), 3, 4).rows == []
