"""Write a new plugin that works at once, from the skeleton beside this module."""

import re
from collections.abc import Iterator
from pathlib import Path

from flask_babel import gettext as _
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from core.errors import Conflict, Invalid
from core.plugins.api.manifest import NAME

SKELETON = Path(__file__).parent / "skeleton"
TEMPLATE = ".in"
LONGEST_TITLE = 40


def write_plugin(name: str, title: str, parent: Path) -> list[Path]:
    """Write `parent/name` and return the files; raises `Invalid`, or `Conflict` where it exists."""
    _require_name(name)
    _require_title(title)
    folder = parent / name
    if folder.exists():
        raise Conflict(_("%(path)s exists already.", path=folder), where=str(folder))
    values = {
        "name": name,
        "title": title,
        "label": name.replace("_", " ").capitalize(),
        "kebab": name.replace("_", "-"),
        "camel": "".join(part.capitalize() for part in name.split("_")),
    }
    written = []
    for inside, text in _files(values):
        path = folder / inside
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        written.append(path)
    return written


def _require_name(name: str) -> None:
    if not NAME.fullmatch(name) or "__" in name or name.endswith("_"):
        message = _("A plugin's name is made of small letters, digits and single “_”.")
        raise Invalid({"name": message})


def _require_title(title: str) -> None:
    # The title is put into Python, a message catalog and a template: none of their signs.
    if not title.strip() or len(title) > LONGEST_TITLE or re.search(r'["\\{}«»%\n\r]', title):
        raise Invalid(
            {"title": _("The title is short and has no quotes, brackets or percent signs.")}
        )


def _files(values: dict[str, str]) -> Iterator[tuple[str, str]]:
    """Names inside the plugin's folder, and texts."""
    environment = Environment(
        loader=FileSystemLoader(SKELETON),
        variable_start_string="«",
        variable_end_string="»",
        block_start_string="«%",
        block_end_string="%»",
        comment_start_string="«#",
        comment_end_string="#»",
        undefined=StrictUndefined,
        keep_trailing_newline=True,
        autoescape=False,  # noqa: S701 - source text; names and titles are checked before
    )
    for path in sorted(SKELETON.rglob("*")):
        if path.is_file() and "__pycache__" not in path.parts:
            inside = path.relative_to(SKELETON).as_posix()
            text = environment.get_template(inside).render(values)
            yield inside.removesuffix(TEMPLATE).replace("NAME", values["name"]), text
