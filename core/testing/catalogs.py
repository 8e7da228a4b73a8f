"""Message catalogs: what the sources say, brought into each feature's own catalog.

`python -m core.testing.catalogs` updates every catalog; the tests ask `missing_messages`.
"""

from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

from babel.messages import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po, write_po

CORE = Path(__file__).parents[1]
PLUGINS = CORE.parent / "plugins"
LAYOUTS = CORE.parent / "frontend" / "templates"
LOCALE = "zh_Hans_CN"
# What a catalog says of itself that changes with the day, or says nothing.
NOISE = tuple(
    f'"{name}:'.encode()
    for name in (
        "Project-Id-Version", "Report-Msgid-Bugs-To", "POT-Creation-Date", "PO-Revision-Date",
        "Last-Translator", "Language-Team", "Generated-By",
    )
)  # fmt: skip
METHODS = [("**.py", "python"), ("**/templates/**.html", "jinja2"), ("**.html", "jinja2")]
KEYWORDS: dict[str, tuple[int, ...] | None] = {
    "_": None, "gettext": None, "ngettext": (1, 2), "_l": None, "lazy_gettext": None, "_n": (1, 2),
}  # fmt: skip
OPTIONS = {"**/templates/**.html": {"trimmed": "true"}, "**.html": {"trimmed": "true"}}


def features() -> list[Path]:
    """Folders of `core` that have sources of their own, and the plugins."""
    folders = [*CORE.iterdir(), *PLUGINS.iterdir()]
    return sorted(folder for folder in folders if (folder / "__init__.py").exists())


def catalog_path(feature: Path) -> Path:
    """Where a feature keeps its Chinese messages; a plugin's catalog has the plugin's name."""
    name = feature.name if feature.parent == PLUGINS else "messages"
    return feature / "translations" / LOCALE / "LC_MESSAGES" / f"{name}.po"


def extract_messages(feature: Path) -> Catalog:
    """Every message of a feature's sources; the shell's include layouts and top modules."""
    catalog = Catalog(locale=LOCALE, charset="utf-8")
    folders = [feature, LAYOUTS] if feature.name == "web" else [feature]
    for folder in folders:
        found = extract_from_dir(folder, METHODS, OPTIONS, KEYWORDS, strip_comment_tags=True)
        for _file, _line, message, _comments, context in found:
            catalog.add(message, context=context)
    if feature.name == "web":
        for message in _top_modules():
            catalog.add(message)
    return catalog


def _top_modules() -> Iterator[str | tuple[str, ...]]:
    from babel.messages.extract import extract_from_file

    for path in sorted(CORE.glob("*.py")):
        for _line, message, _comments, _context in extract_from_file("python", path, KEYWORDS):
            yield message


def read_catalog(feature: Path) -> Catalog:
    """Read a feature's Chinese catalog as it is stored; empty where there is none."""
    path = catalog_path(feature)
    if not path.exists():
        return Catalog(locale=LOCALE, fuzzy=False)
    return read_po(BytesIO(path.read_bytes()), locale=LOCALE)


def missing_messages(feature: Path) -> list[str]:
    """Messages of the sources that the Chinese catalog does not translate."""
    stored = read_catalog(feature)
    wanted = (message for message in extract_messages(feature) if message.id)
    return [str(message.id) for message in wanted if not _translated(stored, message)]


def _translated(stored: Catalog, message: Message) -> bool:
    found = stored.get(message.id, message.context)
    if found is None or found.fuzzy:
        return False
    strings = found.string if isinstance(found.string, (list, tuple)) else (found.string,)
    return all(strings)


def update(feature: Path) -> None:
    """Bring a feature's catalog up to date; keep its translations, drop what is gone."""
    wanted = extract_messages(feature)
    if not any(message.id for message in wanted):
        return
    stored = read_catalog(feature)
    stored.update(wanted, no_fuzzy_matching=True)
    stored.obsolete.clear()
    stored.fuzzy = False
    path = catalog_path(feature)
    path.parent.mkdir(parents=True, exist_ok=True)
    buffer = BytesIO()
    write_po(buffer, stored, omit_header=False, no_location=True, sort_output=True, width=0)
    lines = buffer.getvalue().splitlines(keepends=True)
    path.write_bytes(b"".join(line for line in lines if not line.startswith(NOISE)))


if __name__ == "__main__":
    for each in features():
        update(each)
        for text in missing_messages(each):
            print(f"{each.name}: {text}")  # noqa: T201 - a report for whoever runs it
