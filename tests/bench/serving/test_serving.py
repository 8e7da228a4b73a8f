"""The bench measures whole process trees, on trees of divisions that hold together."""

import json

import pytest
from lxml import etree

from tests.bench.country import choose_rows
from tests.bench.serving.client import CONNECTIONS, fetch, fetch_many
from tests.bench.serving.floor_apps import ROW
from tests.bench.serving.floors import serve_flask
from tests.bench.serving.pictures import draw_pictures
from tests.bench.serving.processes import process_tree, tree_seconds
from tests.bench.serving.rounds import Target


def test_the_processor_time_of_all_workers_is_counted(tmp_path):
    with serve_flask("create_keyed_read", tmp_path, workers=2, threads=8) as server:
        assert f"停水通知{ROW}" in fetch(server.url, f"/{ROW}/").decode()
        before = tree_seconds(server.process)
        assert fetch_many(server.url, f"/{ROW}/", 397) == 400
        assert len(process_tree(server.process)) == 3
        used = tree_seconds(server.process) - before
    assert 0.02 < used < 40


def test_an_answer_that_is_no_page_ends_the_measurement(tmp_path):
    with (
        serve_flask("create_bare", tmp_path, workers=1, threads=8) as server,
        pytest.raises(AssertionError, match="404"),
    ):
        fetch_many(server.url, "/nothing/", CONNECTIONS)


def test_ratios_are_taken_within_rounds():
    floor, page = Target("floor", None, "/"), Target("page", None, "/")
    floor.taken, page.taken = [1.0, 10.0, 1.0], [2.0, 20.0, 9.0]
    assert page.ratio_to(floor) == 2.0


def test_a_part_of_the_country_has_all_above_and_below_its_county():
    rows = [
        (code, code, "", code[: {2: 0, 4: 2, 6: 4, 9: 6}[len(code)]])
        for code in ("11", "1101", "110101", "64", "6404", "640425", "640425100", "6405", "65")
    ]
    chosen = choose_rows(rows, "640425", 6)
    codes = {row[0] for row in chosen}
    assert {"64", "6404", "640425", "640425100"} < codes
    assert len(codes) == 6
    assert all(above in codes for *_, above in chosen if above)


def test_a_picture_has_a_bar_and_a_label_for_each_page(tmp_path):
    page = {"warm_to_bare": 0.9, "warm_goal": 0.8, "uncached_to_keyed_read": 3, "uncached_goal": 4}
    pages = [page | {"name": name} for name in ("article", "home & search")]
    (tmp_path / "pages.json").write_text(json.dumps({"pages": pages}), encoding="utf-8")
    draw_pictures(tmp_path, tmp_path)
    for name in ("warm", "uncached"):
        picture = etree.parse(tmp_path / f"performance-{name}.svg")
        texts = picture.xpath("//*[local-name() = 'text']/text()")
        bars = picture.xpath("//*[local-name() = 'g']/*[local-name() = 'rect']")
        assert {"article", "home & search", "measured", "goal"} < set(texts)
        assert len(bars) == 4
