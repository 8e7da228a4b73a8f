"""Find the data folders (templates, packs, migrations) in a checkout and in an installed wheel."""

from pathlib import Path

_PACKAGE = Path(__file__).parent


def resource(*parts: str) -> Path:
    """Path of a data folder or file named as in the repository, e.g. `resource("tenants")`."""
    bundled = _PACKAGE / "bundled"
    root = bundled if bundled.is_dir() else _PACKAGE.parent
    return root.joinpath(*parts)
