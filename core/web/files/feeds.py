"""Atom feeds (RFC 4287): what is new on a page, to subscribe to."""

from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple

from flask import Response


class FeedEntry(NamedTuple):
    """An entry of a feed; readers know it by its `name` (`feature:id`), on whatever host."""

    name: str
    title: str
    url: str
    summary: str
    published_at: datetime | None
    changed_at: datetime | None


def send_feed(title: str, page: str, entries: Iterable[FeedEntry]) -> Response:
    """Send the feed of the page that has the address `page`, the newest entries first."""
    from feedgenerator import Atom1Feed  # pages have no need of it

    feed = Atom1Feed(title=title, link=page, description=title, language="zh-CN")
    for entry in entries:
        feed.add_item(
            title=entry.title, link=entry.url, unique_id=f"urn:gongkai:{entry.name}",
            description=entry.summary, pubdate=entry.published_at, updateddate=entry.changed_at,
        )  # fmt: skip
    return Response(feed.writeString("utf-8"), content_type="application/atom+xml; charset=utf-8")
