"""Which plugins are installed: folders with a `plugin.py`, and entry points of distributions."""

import os
from collections.abc import Iterator
from dataclasses import dataclass
from importlib import import_module
from importlib.metadata import entry_points
from pathlib import Path

from core.plugins.api.paths import MAIN

GROUP = "gongkai.plugins"
PACKAGE = "plugins"


@dataclass(frozen=True, slots=True)
class Found:
    """A plugin that is there; nothing of it has been loaded yet."""

    name: str
    module: str
    source: str

    @property
    def package(self) -> str:
        """The package that holds all of it."""
        return self.module.rpartition(".")[0]


def discover(more_folders: str = "") -> list[Found]:
    """Everything that is installed, folders first; a name may come up twice."""
    return [*_in_folders(more_folders), *_of_distributions()]


def _in_folders(more_folders: str) -> Iterator[Found]:
    """Plugins of the platform, and of further folders, which join the same package."""
    path: list[str] = import_module(PACKAGE).__path__  # type: ignore[assignment]  # of a package
    for folder in filter(None, more_folders.split(os.pathsep)):
        if folder not in path:
            path.append(folder)
    for folder in path:
        for main in sorted(Path(folder).glob(f"*/{MAIN}")):
            name = main.parent.name
            yield Found(name, f"{PACKAGE}.{name}.{main.stem}", str(main.parent))


def _of_distributions() -> Iterator[Found]:
    for point in sorted(entry_points(group=GROUP), key=lambda point: point.name):
        source = f"{point.dist.name} {point.dist.version}" if point.dist else point.value
        yield Found(point.name, point.module, source)
