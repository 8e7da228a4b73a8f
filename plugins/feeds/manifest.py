"""What the plugin says about itself."""

from core.sdk import Manifest

from .settings import FeedSettings
from .text import _l

MANIFEST = Manifest(
    name="feeds",
    version="1.0",
    title=_l("Feeds"),
    summary=_l("Subscribe to what a place publishes with any feed reader (Atom)"),
    settings=FeedSettings,
    depends_on="place",
)
