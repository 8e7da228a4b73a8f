"""What the plugin says about itself."""

from core.sdk import Manifest

from .settings import SheetSettings
from .text import _l

MANIFEST = Manifest(
    name="notice_board",
    version="1.0",
    title=_l("Sheet for the notice board"),
    summary=_l("Print what was published on one sheet, with a QR code for each entry"),
    levels=("township", "village"),
    settings=SheetSettings,
    depends_on="place",
)
