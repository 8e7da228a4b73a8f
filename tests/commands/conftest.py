"""One installation for the whole folder: a county with a catalog and publications, made once."""

import json
import os
import shutil
from dataclasses import dataclass
from pathlib import Path

import pytest

from core.testing.program import Program

COUNTY, TOWN, SISTER = "999901", "999901100", "999901101"
VILLAGE, NEIGHBOUR = "999901100001", "999901100002"


@dataclass(frozen=True)
class Installation:
    """A data folder, and the program on it."""

    folder: Path
    program: Program

    def run(self, *words, **environment):
        """Run the program as an operator would: a process of its own, and nothing else set."""
        kept = {name: value for name, value in os.environ.items() if "GONGKAI" not in name}
        own = {"GONGKAI_DATA_DIR": str(self.folder)}
        ran = self.program.run([*map(str, words)], kept | own | environment)
        assert "Traceback" not in ran.err, ran.err
        return ran

    def answer(self, *words, status=0, **environment):
        """The JSON document that a command answers with."""
        end = words.index("--") if "--" in words else len(words)
        ran = self.run(*words[:end], "--json", *words[end:], **environment)
        assert ran.status == status, ran.out + ran.err
        return ran.json

    def write(self, name, content):
        """An input file."""
        path = self.folder.parent / name
        text = content if isinstance(content, str) else json.dumps(content, ensure_ascii=False)
        path.write_text(text, encoding="utf-8")
        return path

    def copy(self, folder):
        """The same again, to be changed or broken."""
        shutil.copytree(self.folder, folder / "data")
        return Installation(folder / "data", self.program)


@pytest.fixture(scope="session")
def installed(tmp_path_factory, shared_data, program):
    """The county 望川县 with one catalog and all the publications."""
    place = Installation(tmp_path_factory.mktemp("commands") / "data", program)
    place.answer("init")
    divisions = shared_data / "divisions" / "wangchuan_999901.csv"
    assert place.answer("tenant", "import-divisions", divisions, "--root", COUNTY) == {
        "created": 28, "updated": 0, "unchanged": 0, "warnings": [],
    }  # fmt: skip
    table = shared_data / "messy" / "X_shehui_jiuzhu.xlsx"
    made = place.answer("catalog", "import", table, "--tenant", COUNTY)
    assert made["state"] == "in_review"
    assert place.answer("catalog", "show", "--tenant", COUNTY)["items"] == []
    place.answer("catalog", "approve", made["change"])
    lines = shared_data / "docs" / "docs.jsonl"
    count = place.answer("publication", "import", lines, "--tenant", COUNTY, "--approve")
    assert (count["created"], count["rejected"]) == (30, [])
    place.answer("search", "drain")
    return place


@pytest.fixture(scope="module")
def county(installed, tmp_path_factory):
    """A copy of the installation that the tests of one module share."""
    return installed.copy(tmp_path_factory.mktemp("county"))
