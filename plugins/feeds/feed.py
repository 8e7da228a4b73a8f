"""Write publications as an Atom feed (RFC 4287)."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from uuid import NAMESPACE_URL, uuid5

from core.sdk import Entry

MIMETYPE = "application/atom+xml; charset=utf-8"


@dataclass(frozen=True, slots=True)
class FeedLinks:
    """The address of the page that a feed follows, its own, and its name on any host."""

    site: str
    own: str
    name: str


def write_feed(
    title: str, links: FeedLinks, entries: Sequence[Entry], address: Callable[[Entry], str]
) -> str:
    """Write the feed as XML.

    An entry whose publicity period is over keeps its title and date and loses its summary, as on
    its page. Ids depend neither on titles nor on the host that was asked: readers would show
    everything once more.
    """
    from feedgenerator import Atom1Feed  # pages have no need of it

    feed = Atom1Feed(
        title=title,
        link=links.site,
        description=title,
        feed_url=links.own,
        language="zh-CN",
        feed_guid=_id(links.name),
    )
    for entry in entries:
        url = address(entry)
        feed.add_item(
            title=entry.title,
            link=url,
            unique_id=_id(f"{entry.code}/{entry.id}"),
            description="" if entry.is_over else entry.summary,
            pubdate=entry.published_at,
            updateddate=entry.corrected_at or entry.published_at,
            author_name=entry.organ or entry.place,
            categories=[entry.genre] if entry.genre else [],
        )
    written: str = feed.writeString("utf-8")
    return written


def _id(name: str) -> str:
    return uuid5(NAMESPACE_URL, f"gongkai:{name}").urn
