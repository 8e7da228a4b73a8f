"""What the demonstration shows of the life of a publication."""

from sqlalchemy import select

from core.db.scope import Scope, open_session
from core.demo.loader import load_demo
from core.publishing.models import Publication
from core.testing.pages import url_for

LOCAL = "127.0.0.1"


def test_what_became_of_texts_is_there_to_see(app, client):
    """A list on the board only, a correction with its comparison, a tombstone (N27, N32)."""
    load_demo(LOCAL)
    with open_session(Scope.platform("test")) as session:
        titles = {
            "冬季取暖补助发放公布": None,
            "文化广场维修支出公开": None,
            "秋季道路养护支出公开": None,
        }
        for word in titles:
            query = select(Publication).where(Publication.title.contains(word))
            titles[word] = session.scalars(query).one()
        board, corrected, withdrawn = titles.values()
    village = "990101100204"
    client.get(url_for("publishing.show", board.id, place=village), status=404)
    item = client.get(url_for("catalog.item", board.item_id, place=village)).text
    assert "4 行" in item
    assert "王*福" not in item
    compared = client.get(url_for("publishing.corrections", corrected.id, place=village)).text
    assert "8,400元" in compared
    tombstone = client.get(url_for("publishing.show", withdrawn.id, place=village), status=410).text
    assert withdrawn.index_number in tombstone
