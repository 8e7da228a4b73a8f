"""`gongkai plugin new` writes a plugin that works; `gongkai plugin check` finds what is wrong."""

import subprocess
import sys

import pytest

from core.authoring.checklist import run_checklist
from core.authoring.scaffold import write_plugin
from core.errors import Conflict, Invalid
from core.settings import resource


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """A new plugin, just as it was written."""
    folder = tmp_path_factory.mktemp("authors")
    write_plugin("water_supply", "供水公告", folder)
    return folder / "water_supply"


def failed(checks):
    return {check.name: check.detail for check in checks if not check.ok}


def test_the_command_writes_what_the_checklist_accepts(gongkai, tmp_path):
    ran = gongkai(
        "plugin", "new", "bus_times", "--title", "班车", "--path", str(tmp_path), "--json"
    )
    assert ran.status == 0, ran.err
    assert ran.json["path"] == str(tmp_path / "bus_times")
    judged = gongkai("plugin", "check", str(tmp_path / "bus_times"), "--json")
    assert {c["name"]: c["detail"] for c in judged.json["checks"] if not c["ok"]} == {}
    assert judged.status == 0, judged.err


def test_the_tests_that_come_with_it_pass(made):
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", str(made)]
    done = subprocess.run(command, cwd=resource(), capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout
    assert "4 passed" in done.stdout


@pytest.mark.parametrize("name", ["Water", "water-supply", "_x", "import os", "a" * 31, ""])
def test_a_name_that_cannot_be_one_is_refused(tmp_path, app, name):
    with pytest.raises(Invalid):
        write_plugin(name, "标题", tmp_path)
    assert list(tmp_path.glob("*/plugin.py")) == []


@pytest.mark.parametrize("title", ['a"b', "{{ x }}", "a\\b", "a\nb", "«x»", " ", "长" * 41])
def test_a_title_that_would_break_the_sources_is_refused(tmp_path, app, title):
    with pytest.raises(Invalid):
        write_plugin("fine", title, tmp_path)


def test_what_exists_is_not_overwritten(tmp_path, app):
    write_plugin("fine", "标题", tmp_path)
    with pytest.raises(Conflict):
        write_plugin("fine", "标题", tmp_path)


def test_a_folder_without_a_plugin_is_said(gongkai, tmp_path):
    ran = gongkai("plugin", "check", str(tmp_path), "--json")
    assert ran.status == 1
    assert "plugin.py" in ran.json["error"]["message"]


PHONE = '    phone: Mapped[str] = mapped_column(String(20), default="")\n'
LOOSE = """class Loose(Base):
    __tablename__ = "{name}_loose"
    id: Mapped[int] = mapped_column(primary_key=True)


class """
# Point of the checklist: the file to spoil, what stands there, what stands there instead.
SPOILED = {
    "loads": ("manifest.py", 'version="0.1"', 'version="0.1", core=">=9"'),
    "imports": ("service.py", "from sqlalchemy.orm", "import core.settings\nfrom sqlalchemy.orm"),
    "translations": (
        "text.py",
        "text.lazy_gettext",
        'text.lazy_gettext\nMORE = _l("More")',
    ),
    "tables": ("models.py", "class ", LOOSE),
    "migrations": ("migrations/{name}_0001_first.py", "    op.drop_table", "    op.execute"),
    "personal data": ("models.py", "    body: Mapped", PHONE + "    body: Mapped"),
    "permissions": ("manifest.py", 'permissions=(Permission(MANAGE, _l("Write entries")),),', ""),
    "pages": ("templates/{name}/index.html", "<h1>", '<h1 style="color: red">'),
}


@pytest.mark.parametrize("point", SPOILED)
def test_each_point_finds_its_fault(tmp_path, app, point, plugin_factory):
    name = f"spoiled_{list(SPOILED).index(point)}"
    write_plugin(name, "标题", plugin_factory.folder)
    file, sound, broken = SPOILED[point]
    path = plugin_factory.folder / name / file.format(name=name)
    text = path.read_text(encoding="utf-8")
    assert sound in text
    path.write_text(text.replace(sound, broken.format(name=name), 1), encoding="utf-8")
    assert point in failed(run_checklist(plugin_factory.folder / name))
