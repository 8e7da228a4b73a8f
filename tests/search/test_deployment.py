"""The settings that we hand out for Meilisearch are taken by the real program."""

import os
import shutil
import subprocess
import tomllib
from pathlib import Path
from urllib.request import Request, urlopen

import pytest

from core.search.engines.meilisearch.backend import MeiliBackend
from core.search.engines.meilisearch.keys import make_keys
from core.testing.meili.program import MeiliProgram
from tests.search.contract.engines import Asker, document

FOLDER = Path(__file__).parents[2] / "deploy" / "meilisearch"
SETTINGS = FOLDER / "meilisearch.toml"
real_meilisearch = pytest.mark.skipif(
    shutil.which("meilisearch") is None, reason="needs the program meilisearch"
)


def test_the_server_settings_are_quiet_private_and_bounded():
    settings = tomllib.loads(SETTINGS.read_text())
    assert settings["env"] == "production"
    assert settings["no_analytics"] is True
    assert settings["http_addr"].startswith("127.0.0.1:")
    assert "max_indexing_memory" in settings
    assert "master_key" not in settings
    unit = (FOLDER / "meilisearch.service").read_text()
    assert "/etc/meilisearch/meilisearch.toml" in unit


@real_meilisearch
def test_production_does_not_start_without_a_master_key(tmp_path):
    environment = {name: value for name, value in os.environ.items() if "MEILI" not in name}
    started = subprocess.run(
        ["meilisearch", "--config-file-path", str(SETTINGS), "--db-path", str(tmp_path / "data")],
        env=environment, cwd=tmp_path, capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    assert started.returncode != 0
    assert "master key" in started.stderr


@real_meilisearch
def test_the_settings_are_taken_and_the_keys_suffice():
    server = MeiliProgram(settings=SETTINGS)
    try:
        keys = make_keys(server.url, server.key, "gk_public")
        worker = MeiliBackend(server.url, keys["indexer"].value, "gk_public")
        worker.ensure()
        Asker(worker).add(document(1))
        web = Asker(MeiliBackend(server.url, keys["search"].value, "gk_public"))
        assert web("低保") == ["1"]
        held = Request(f"{server.url}/keys", headers={"Authorization": f"Bearer {server.key}"})
        with urlopen(held, timeout=5) as answer:
            assert b"gk_public search" in answer.read()
    finally:
        server.close()
