"""The client of the tests refuses pages with faults that no page may have, and names pages."""

import re

import pytest

from core.testing.factories.trees import COUNTY, VILLAGE
from core.testing.pages import page_faults, parse_strictly, url_for

PAGE = "<!doctype html><html lang='zh'><head><title>标题</title></head><body>{}</body></html>"
SOUND = "<main><h1>标题</h1><p>正文</p></main>"


def list_faults(body: str) -> list[str]:
    tree, syntax_errors = parse_strictly(PAGE.format(body))
    return [*syntax_errors, *page_faults(tree)]


def test_a_sound_page_passes():
    assert list_faults(SOUND) == []


@pytest.mark.parametrize(
    "addition",
    [
        "</section>",
        "<a href='/'>一</nav></a>",
        "<h1>又一个</h1>",
        "<p id='a'></p><p id='a'></p>",
        "<form method='post' action='/'></form>",
        "<form></form>",
        "<input name='q'>",
        "<p style='color:red'></p>",
        "<table><tr><td>1</td></tr></table>",
        "<img src='/a.png'>",
    ],
)
def test_a_page_with_a_fault_is_refused(addition):
    assert list_faults(SOUND + addition)


def test_a_page_is_named_by_endpoint_and_the_parts_of_its_route(app, tree):
    assert url_for("accounts.sign_in") == "/sign-in/"
    assert url_for("publishing.show", 7) == f"/{COUNTY}/publications/7/"
    assert url_for("catalog_forms.refine", "CN-1", "mode", place=tree.village) == (
        f"/{VILLAGE}/console/catalog/items/CN-1/refine/mode/"
    )
    assert url_for("publishing.show", 7, place=VILLAGE, a=["x", "y"], b="1 2") == (
        f"/{VILLAGE}/publications/7/?a=x&a=y&b=1+2"
    )


def test_a_page_with_too_few_or_too_many_parts_has_no_address(app):
    for parts in ((), (7, 8)):
        with pytest.raises(ValueError, match="zip"):
            url_for("publishing.show", *parts)
    with pytest.raises(KeyError):
        url_for("publishing.nothing")


def test_every_page_can_be_named(app):
    routes = app.url_map.bind("localhost")
    for rule in app.url_map.iter_rules():
        parts = [example(part) for part in re.findall("<([^<>]*)>", rule.rule) if part != "code"]
        method = (rule.methods & {"GET", "POST"}).pop()
        found, values = routes.match(url_for(rule.endpoint, *parts, place=VILLAGE), method)
        assert found == rule.endpoint
        assert values.get("code", VILLAGE) == VILLAGE


def example(part):
    """A value that a variable part of a route takes."""
    options = re.match(r"any\('?([\w-]+)", part)
    return options[1] if options else 7 if part.startswith("int:") else "x"
