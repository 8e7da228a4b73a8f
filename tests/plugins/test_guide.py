"""What the author's guide shows, works."""

import re
import subprocess
import sys

import pytest

from core.settings import resource

GUIDE = resource("docs", "writing-plugins.md")
SAMPLE = re.compile(r"<!-- sample: (\S+) -->\n```python\n(.*?)```", re.DOTALL)
BEHAVIOUR = """
def test_a_place_words_its_greeting(client, tree, plugin_on):
    plugin_on("greeting", tree.county)
    assert "您好" in client.get(f"/{tree.town.division_code}/").text


def test_everybody_can_leave_an_entry_where_it_is_on(client, tree, plugin_on):
    from core.db.engine import db
    from plugins.guestbook.plugin import Entry

    Entry.__table__.create(db.engine)
    plugin_on("guestbook", tree.county)
    code = tree.town.division_code
    client.post(f"/{code}/guestbook/", {"name": "王芳"})
    assert "王芳" in client.get(f"/{code}/guestbook/").data.decode("unicode_escape")
    client.post(f"/{code}/guestbook/", {"name": ""}, status=422)
    client.get(f"/{tree.village.division_code}/guestbook/", status=404)
"""


@pytest.fixture
def samples(tmp_path):
    """The guide's samples as files, each plugin in its folder."""
    for name, text in SAMPLE.findall(GUIDE.read_text(encoding="utf-8")):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        (tmp_path / name.split("/")[0] / "__init__.py").touch()
    tests = tmp_path / "greeting" / "tests"
    tests.mkdir()
    (tests / "test_samples.py").write_text(BEHAVIOUR, encoding="utf-8")
    return tmp_path


def test_the_samples_of_the_guide_work(samples):
    kit = ("-p", "core.testing.plugin", "--import-mode=importlib", "-p", "no:cacheprovider")
    command = [sys.executable, "-m", "pytest", "-q", *kit, str(samples)]
    done = subprocess.run(command, cwd=resource(), capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout
    assert "3 passed" in done.stdout
