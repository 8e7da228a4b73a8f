"""The client of the tests refuses pages with faults that no page may have."""

import pytest

from core.testing.pages import page_faults, parse_strictly

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
