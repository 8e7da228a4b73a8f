"""Answers that hand out a file, for features that make it on the spot."""

from urllib.parse import quote

from flask import Response

_FORBIDDEN = frozenset('\\/:*?"<>|;')
_LONGEST_NAME = 120


def send_download(data: bytes, media_type: str, name: str) -> Response:
    """Return a file to be saved under a name; nothing between here and the reader keeps a copy."""
    response = Response(data, content_type=media_type)
    safe = to_file_name(name)
    # Header lines are ASCII: the whole name percent-encoded, a plain one for old programs.
    plain = safe if safe.isascii() else f"file.{safe.rpartition('.')[2]}"
    plain = plain if plain.isascii() else "file"
    response.headers["Content-Disposition"] = (
        f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(safe)}"
    )
    response.headers["Cache-Control"] = "no-store"
    return response


def to_file_name(name: str) -> str:
    """Return a name without what some system forbids, such as a title with a colon."""
    kept = "".join(
        character for character in name if character.isprintable() and character not in _FORBIDDEN
    )
    stem, dot, ending = kept.strip(" .").rpartition(".")
    return f"{stem[:_LONGEST_NAME]}{dot}{ending}" if dot else ending[:_LONGEST_NAME] or "file"
