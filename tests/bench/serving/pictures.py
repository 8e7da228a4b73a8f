"""Draw the pictures of docs/performance.md: `python -m tests.bench.serving.pictures`."""

import argparse
import json
from collections.abc import Iterator, Sequence
from html import escape
from pathlib import Path
from typing import Any

from core.charts.domain.drawing import Drawing, draw
from core.charts.domain.model import Chart, ChartKind, ChartSeries

# Told apart without colour too: full, light.
_FILLS = ("#1f4e79", "#c9d8e8")


def main() -> None:
    """Draw what pages cost, warm and uncached, beside what they may cost."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.serving.pictures")
    parser.add_argument("--kept", type=Path, default=Path("var/bench"), metavar="FOLDER")
    parser.add_argument("--into", type=Path, default=Path("docs/images"), metavar="FOLDER")
    options = parser.parse_args()
    draw_pictures(options.kept, options.into)


def draw_pictures(kept: Path, into: Path) -> None:
    """Draw what is kept in a folder into files of another."""
    pages = json.loads((kept / "pages.json").read_text("utf-8"))["pages"]
    for name, title, measured, goal in (
        ("warm", "Warm page / bare Flask view", "warm_to_bare", "warm_goal"),
        ("uncached", "Uncached page / keyed read", "uncached_to_keyed_read", "uncached_goal"),
    ):
        chart = _chart(pages, title, measured, goal)
        (into / f"performance-{name}.svg").write_text(to_svg(chart), encoding="utf-8")


def _chart(pages: Sequence[dict[str, Any]], title: str, measured: str, goal: str) -> Chart:
    series = [
        ChartSeries(name, [round(page[key], 2) for page in pages])
        for name, key in (("measured", measured), ("goal", goal))
    ]
    return Chart(ChartKind.BAR, title, "page", [page["name"] for page in pages], series, "×")


def to_svg(chart: Chart) -> str:
    """Return a chart as a picture of its own, with its title and the names of its series."""
    drawing = draw(chart)
    head = 52
    size = f"{drawing.width:g} {drawing.height + head:g}"
    font = 'font-family="sans-serif" font-size="13" fill="#222"'
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {size}" {font}>',
        f"<title>{escape(chart.title)}</title>",
        '<rect width="100%" height="100%" fill="#fff"/>',
        f'<text x="16" y="22" font-size="16">{escape(chart.title)}</text>',
        *_names(chart),
        f'<g transform="translate(0 {head})">',
        *_shapes(drawing),
        "</g>",
        "</svg>\n",
    ]
    return "\n".join(parts)


def _names(chart: Chart) -> Iterator[str]:
    for number, one in enumerate(chart.series):
        left = 16 + number * 120
        yield (
            f'<rect x="{left}" y="34" width="12" height="12" fill="{_FILLS[number]}"'
            f' stroke="#1f4e79"/><text x="{left + 18}" y="45">{escape(one.name)}</text>'
        )


def _shapes(drawing: Drawing) -> Iterator[str]:
    for rule in drawing.rules:
        line = f"M{rule.x1:.1f} {rule.y1:.1f}L{rule.x2:.1f} {rule.y2:.1f}"
        yield f'<path d="{line}" stroke="#ddd"/>'
    for bar in drawing.bars:
        yield (
            f'<rect x="{bar.x:.1f}" y="{bar.y:.1f}" width="{bar.width:.1f}"'
            f' height="{bar.height:.1f}" fill="{_FILLS[bar.series]}" stroke="#1f4e79"/>'
        )
    for text in drawing.texts:
        place = f'x="{text.x:.1f}" y="{text.y:.1f}" text-anchor="{text.anchor}"'
        yield f"<text {place}>{escape(text.words)}</text>"


if __name__ == "__main__":
    main()
