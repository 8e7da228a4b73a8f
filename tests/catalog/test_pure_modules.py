"""The rules of the catalog load nothing but the standard library."""

import subprocess
import sys

import pytest


@pytest.mark.parametrize(
    "module", ["changes", "inheritance", "drift", "impact", "matching", "upstream", "wording"]
)
def test_a_pure_module_brings_nothing_along(module):
    code = (
        f"import sys, core.catalog.{module}\n"
        "foreign = {'flask', 'sqlalchemy', 'marshmallow', 'flask_babel', 'pluggy'}\n"
        "sys.exit(', '.join(sorted(foreign & set(sys.modules))) or 0)"
    )

    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)

    assert (done.returncode, done.stderr.strip()) == (0, "")
