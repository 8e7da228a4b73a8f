"""Photographs: decoded and re-encoded, so that nothing but the picture remains.

Positions (GPS), comments, embedded previews and anything appended to the file are gone; the picture
stands upright and is no larger than a page needs.
"""

from dataclasses import dataclass
from io import BytesIO
from typing import Literal

from PIL import Image, ImageOps

FORMATS = ("JPEG", "PNG", "WEBP")
LONGEST_SIDE = 2560
MOST_PIXELS = 80_000_000
# Of pictures that are decoded as a whole, at four bytes a pixel or, of a progressive JPEG, six.
MOST_PIXELS_AT_ONCE = 40_000_000
JPEG_QUALITY = 85

Kept = Literal["JPEG", "PNG", "WEBP"]
_TYPES: dict[str, tuple[str, str]] = {
    "JPEG": ("image/jpeg", "jpg"),
    "PNG": ("image/png", "png"),
    "WEBP": ("image/webp", "webp"),
}


class UnreadablePictureError(ValueError):
    """The bytes are not a picture that can be shown."""


class HugePictureError(ValueError):
    """The picture has more pixels than can be decoded safely."""


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture as it is stored."""

    data: bytes
    media_type: str
    extension: str
    width: int
    height: int


def re_encode(data: bytes) -> Picture:
    """Re-encode a picture upright and bounded in size; raises one of the errors above."""
    try:
        with Image.open(BytesIO(data), formats=FORMATS) as opened:
            if opened.width * opened.height > _most_pixels(opened):
                raise HugePictureError
            kept = opened.format or "PNG"
            opened.draft("RGB", (LONGEST_SIDE, LONGEST_SIDE))
            return _written(_plain(opened), kept)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise HugePictureError from error
    except (OSError, ValueError, SyntaxError, EOFError, KeyError) as error:
        if isinstance(error, HugePictureError):
            raise
        raise UnreadablePictureError from error


def _most_pixels(opened: Image.Image) -> int:
    """Return how many pixels may be decoded, by the header: a plain JPEG is scaled while read."""
    is_scaled = opened.format == "JPEG" and "progressive" not in opened.info
    return MOST_PIXELS if is_scaled else MOST_PIXELS_AT_ONCE


def _plain(opened: Image.Image) -> Image.Image:
    """Convert to RGB or RGBA, upright and bounded, without metadata."""
    opened.thumbnail((LONGEST_SIDE, LONGEST_SIDE))  # first, since turning it copies it
    picture = ImageOps.exif_transpose(opened)
    see_through = picture.mode in {"RGBA", "LA", "PA"} or "transparency" in picture.info
    picture = picture.convert("RGBA" if see_through else "RGB")
    picture.info = {}
    return picture


def _written(picture: Image.Image, kept: str) -> Picture:
    buffer = BytesIO()
    if kept == "JPEG":
        picture.convert("RGB").save(buffer, "JPEG", quality=JPEG_QUALITY, optimize=True)
    elif kept == "WEBP":
        picture.save(buffer, "WEBP", quality=JPEG_QUALITY)
    else:
        picture.save(buffer, "PNG")
    media_type, extension = _TYPES[kept]
    return Picture(buffer.getvalue(), media_type, extension, picture.width, picture.height)
