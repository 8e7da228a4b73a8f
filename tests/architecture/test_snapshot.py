"""What others rely on stays as it is, or its change is written down."""

import tomllib

import pytest

from tests.architecture.snapshot import FOLDER, PARTS, stored, take


@pytest.mark.parametrize("part", sorted(PARTS))
def test_public_names_are_those_of_the_snapshot(app, monkeypatch, part):
    monkeypatch.setenv("GONGKAI_DATA_DIR", str(app.extensions["gongkai"].data_dir))
    assert take(part, app) == stored(part)


def test_renamed_names_are_gone_and_their_new_names_stand():
    renamed = tomllib.loads(FOLDER.joinpath("renamed.toml").read_text("utf-8"))
    for part, names in renamed.items():
        lines = stored(part)
        for old, new in names.items():
            assert not [line for line in lines if old in line.split()], old
            assert [line for line in lines if new in line.split()], new
