"""Lists of what is published."""

from datetime import timedelta

from core.publishing.article import find_article
from core.publishing.queries import Entry, Wanted, published
from core.testing.factories.publishing import withdraw


def entries(session, tree, **wanted) -> list[Entry]:
    return published(session, Wanted(tenants=(tree.village.id,), **wanted), limit=10)


def test_a_period_holds_its_first_and_its_last_day(village, make_public, tree):
    made = make_public(village)
    day = entries(village, tree)[0].published_on
    assert [entry.id for entry in entries(village, tree, since=day, until=day)] == [made.id]
    assert entries(village, tree, until=day - timedelta(days=1)) == []
    assert entries(village, tree, since=day + timedelta(days=1)) == []


def test_an_article_is_there_as_long_as_it_is_published(village, make_public, tree, people):
    made = make_public(village)
    article = find_article(village, tree.village, made.id)
    assert article is not None
    assert article.title == made.title
    assert find_article(village, tree.town, made.id) is None
    withdraw(village, people.clerk, made, "错误")
    assert find_article(village, tree.village, made.id) is None
