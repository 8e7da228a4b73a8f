"""The plugins' door loads what is asked for, and type checkers see the same."""

import subprocess
import sys
from pathlib import Path

import pytest

import core.sdk
from core.plugins.api.door import read_origins


def test_everything_that_stands_at_the_door_is_loaded_when_asked_for():
    origins = read_origins(Path(core.sdk.__file__))
    assert set(core.sdk.__all__) == set(origins)
    assert all(hasattr(core.sdk, name) for name in core.sdk.__all__)


def test_what_is_not_there_is_an_attribute_error_that_names_it():
    with pytest.raises(AttributeError, match=r"'core\.sdk' has no attribute 'no_such_name'"):
        _ = core.sdk.no_such_name


def test_a_manifest_costs_nothing_but_itself():
    code = (
        "import sys\n"
        "from core.sdk import Manifest\n"
        "print([name for name in sys.modules if name.startswith(('core.', 'sqlalchemy.orm'))])"
    )
    loaded = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    ).stdout
    assert "core.plugins.api.manifest" in loaded
    assert not {"core.publishing", "core.tables", "core.web", "sqlalchemy.orm"} & {
        ".".join(name.split(".")[:2]) for name in eval(loaded)
    }
