"""Write publications as an Atom feed (RFC 4287)."""

from collections.abc import Callable, Sequence

from feedgenerator import Atom1Feed

from core.sdk import Entry

MIMETYPE = "application/atom+xml; charset=utf-8"


def write_feed(
    title: str, site: str, own: str, entries: Sequence[Entry], address: Callable[[Entry], str]
) -> str:
    """Write the feed as XML; `site` is the page it follows, `own` its own address.

    An entry whose publicity period is over keeps its title and date and loses its summary, as on
    its page. What it is known by does not change with the title.
    """
    feed = Atom1Feed(
        title=title, link=site, description=title, feed_url=own, language="zh-CN", feed_guid=own
    )
    for entry in entries:
        url = address(entry)
        feed.add_item(
            title=entry.title,
            link=url,
            unique_id=url,
            description="" if entry.is_over else entry.summary,
            pubdate=entry.published_at,
            updateddate=entry.published_at,
            author_name=entry.organ or entry.place,
            categories=[entry.genre] if entry.genre else [],
        )
    written: str = feed.writeString("utf-8")
    return written
