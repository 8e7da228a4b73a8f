"""The design's promises that can be computed: contrast, tokens, a lock file without addresses."""

import json
import re
from pathlib import Path

import pytest

FRONTEND = Path(__file__).parents[2] / "frontend"
STYLES = FRONTEND / "static" / "src" / "css"
COLOUR = re.compile(r"#(?:[0-9a-f]{6}|[0-9a-f]{3})\b", re.IGNORECASE)

# Text (or line) on ground, and the ratio that WCAG 2.2 AA asks for.
PAIRS = [
    ("text", "paper", 4.5),
    ("text", "wash", 4.5),
    ("text", "brand-soft", 4.5),
    ("text", "warn-soft", 4.5),
    ("text", "mark", 4.5),
    ("text-muted", "paper", 4.5),
    ("text-muted", "wash", 4.5),
    ("text-muted", "brand-soft", 4.5),
    ("link", "paper", 4.5),
    ("link", "wash", 4.5),
    ("link", "brand-soft", 4.5),
    ("link-visited", "paper", 4.5),
    ("link-hover", "paper", 4.5),
    ("on-brand", "brand", 4.5),
    ("on-brand-muted", "brand", 4.5),
    ("brand-deep", "brand-soft", 4.5),
    ("good", "good-soft", 4.5),
    ("warn", "warn-soft", 4.5),
    ("bad", "bad-soft", 4.5),
    ("bad", "paper", 4.5),
    ("line-strong", "paper", 3.0),
    ("focus-ink", "paper", 3.0),
]


def tokens(path, selector):
    """Colour tokens that a rule sets, as #rrggbb."""
    block = re.search(
        rf"^{re.escape(selector)} {{(.*?)^}}", path.read_text("utf-8"), re.DOTALL | re.MULTILINE
    )
    found = re.findall(r"--([\w-]+): (#[0-9a-fA-F]+);", block[1])
    return {name: _long(value) for name, value in found}


def _long(value):
    return value if len(value) == 7 else "#" + "".join(digit * 2 for digit in value[1:])


def _luminance(colour):
    parts = (int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5))
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(first, second):
    """Contrast ratio of two colours (WCAG 2.2)."""
    light, dark = sorted((_luminance(first), _luminance(second)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("mode", ["plain", "high contrast"])
@pytest.mark.parametrize(("ink", "ground", "least"), PAIRS)
def test_contrast_is_enough(mode, ink, ground, least):
    colours = tokens(STYLES / "tokens.css", ":root")
    if mode == "high contrast":
        colours |= tokens(STYLES / "modes.css", ".high-contrast")
    assert contrast(colours[ink], colours[ground]) >= least


def test_colours_are_tokens():
    for path in sorted(STYLES.rglob("*.css")):
        if path.name not in {"tokens.css", "modes.css", "print.css"}:
            assert COLOUR.findall(path.read_text("utf-8")) == [], path.name


def test_nothing_is_fetched_from_elsewhere():
    for path in sorted(FRONTEND.glob("static/src/**/*.*")):
        text = path.read_text("utf-8").replace("http://www.w3.org/2000/svg", "")
        assert not re.search(r"https?://|data:image|@font-face", text), path.name


def test_the_lock_file_holds_no_address():
    lock = json.loads((FRONTEND / "package-lock.json").read_text("utf-8"))
    assert all("resolved" not in package for package in lock["packages"].values())


def test_nothing_floats_or_moves():
    for path in sorted(STYLES.rglob("*.css")):
        text = path.read_text("utf-8")
        assert not re.search(r"position:\s*(fixed|sticky)|@keyframes|animation:", text), path.name
