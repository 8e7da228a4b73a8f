"""Where a plugin's files are: its folder is the one that holds its `plugin.py`."""

from pathlib import Path

MAIN = "plugin.py"


def find_plugin_folder(import_name: str) -> Path:
    """Find the folder of the plugin that a module belongs to."""
    from flask.helpers import get_root_path  # the list of commands needs no application

    start = Path(get_root_path(import_name))
    for folder in (start, *start.parents):
        if (folder / MAIN).is_file():
            return folder
    raise ValueError(f"{import_name} belongs to no plugin: no {MAIN} at or above {start}")
