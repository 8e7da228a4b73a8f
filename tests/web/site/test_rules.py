"""Rules whose builders are compiled late write the same addresses."""

import pytest
from werkzeug.routing import BuildError, Map, Rule

from core.web.site.rules import LazyRule

RULES = (
    ("/", "home"),
    ("/<code>/", "place"),
    ("/<code>/publications/<int:id>/", "show"),
    ("/<code>/files/<int:id>/<path:name>", "file"),
    ("/<code>/rules/<rule>/", "rule"),
)
VALUES = (
    ("home", {}),
    ("home", {"page": 2}),
    ("place", {"code": "990101"}),
    ("show", {"code": "990101", "id": 7, "q": "低保"}),
    ("file", {"code": "990101", "id": 7, "name": "表 1.xlsx"}),
    ("rule", {"code": "990101", "rule": "一"}),
)


def bound(kind):
    return Map([kind(address, endpoint=name) for address, name in RULES]).bind("example.org")


@pytest.mark.parametrize(("endpoint", "values"), VALUES)
@pytest.mark.parametrize("unknown", [True, False])
def test_addresses_are_those_of_werkzeug(endpoint, values, unknown):
    written = [
        bound(kind).build(endpoint, dict(values), append_unknown=unknown)
        for kind in (Rule, LazyRule, LazyRule)
    ]
    assert len(set(written)) == 1


def test_what_is_missing_is_told():
    with pytest.raises(BuildError):
        bound(LazyRule).build("show", {"code": "990101"})


def test_nothing_is_compiled_before_an_address_is_written(monkeypatch):
    compiled = []
    real = Rule._compile_builder
    monkeypatch.setattr(
        Rule, "_compile_builder", lambda rule, unknown: compiled.append(rule) or real(rule, unknown)
    )
    addresses = bound(LazyRule)
    assert compiled == []
    assert addresses.build("show", {"code": "1", "id": 7}) == "/1/publications/7/"
    assert addresses.build("show", {"code": "2", "id": 7}) == "/2/publications/7/"
    assert len(compiled) == 1
