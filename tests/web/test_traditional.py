"""繁體 changes what is read, never what is sent back or where a link leads."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import html
from markupsafe import escape

from core.testing.pages import parse_strictly, url_for
from core.web.reading.traditional import to_traditional

TEXTS = st.text("发后干云里面台只制胡须 <>&\"'=/a\n", max_size=12)
PAGE = """<!doctype html><html lang="zh-Hant"><head><title>发放</title></head><body>
<p title="{0}" data-name="{1}">{2}<!-- 发放 --></p><a href="/x/?q={1}">{2}</a>
<form action="/发放/"><input name="a" value="{0}" placeholder="{1}"><input type=hidden name=b
value='{1}'><textarea name="c">
{2}</textarea><select name="d"><option>{0}</option><option value="{1}" label="{2}">{2}</option>
</select><button name="e" value="{0}">{1}</button><datalist><option>{1}</option></datalist></form>
<script>var 发 = "{3}"</script><p>发放{2}</p></body></html>"""


def sent(page):
    """All that a browser would send back or go to, and what scripts read."""
    tree = html.document_fromstring(page)
    return [
        *tree.xpath(
            "//@value | //@placeholder | //@href | //@action | //@*[contains(name(), '-')]"
        ),
        *tree.xpath("//textarea//text() | //option//text() | //script//text()"),
        *(comment.text for comment in tree.xpath("//comment()")),
    ]


@settings(max_examples=150, deadline=None)
@given(TEXTS, TEXTS, TEXTS)
def test_fields_and_links_are_kept_to_the_letter(first, second, third):
    page = PAGE.format(*map(escape, (first, second, third)), "发放")
    converted = to_traditional(page)
    assert sent(converted) == sent(page)
    assert "<p>發放" in converted
    assert parse_strictly(converted)[1] == parse_strictly(page)[1]


@pytest.mark.parametrize(
    ("page", "shown"),
    [
        ("<p>发放</p>", "<p>發放</p>"),
        ('<img alt="干部" data-alt="干部">', '<img alt="幹部" data-alt="干部">'),
        ("<b aria-label='干部'>\x1f发</b>", "<b aria-label='幹部'>\x1f發</b>"),
        ("<a title=\"a > b 发\" href='/发'>发</a>", "<a title=\"a > b 發\" href='/发'>發</a>"),
        ("<TEXTAREA>发</TEXTAREA>发", "<TEXTAREA>发</TEXTAREA>發"),
        ("1 < 2 发", "1 < 2 發"),
    ],
)
def test_what_is_read_is_converted(page, shown):
    assert to_traditional(page) == shown


@pytest.fixture
def in_traditional(client):
    client.get(url_for("preferences.choose", variant="hant"), status=302)
    return client


def test_staff_see_what_is_stored(in_traditional, tree, sign_in_as):
    sign_in_as("clerk", tree.county)
    code = tree.county.division_code
    page = in_traditional.get(url_for("console.home", place=code))
    assert page.select("/html/@lang") == ["zh-Hans"]
    assert "公开" in page.text
    assert in_traditional.get(url_for("portal.home", place=code)).select("/html/@lang") == [
        "zh-Hant"
    ]


def test_a_form_that_is_shown_again_keeps_what_was_typed(in_traditional):
    typed = {"username": "发放干部", "password": "x"}
    page = in_traditional.post(url_for("accounts.sign_in_submit"), typed, status=403)
    assert page.select("//input[@name='username']/@value") == ["发放干部"]
    assert "登錄" in page.text


ELSEWHERE = [
    {"Sec-Fetch-Site": "cross-site"},
    {"Sec-Fetch-Site": "cross-site", "Referer": "http://localhost/"},
    {"Referer": "https://evil.example/"},
    {"Referer": "http://localhost.evil.example/"},
]
HERE = [
    {"Sec-Fetch-Site": "same-origin"},
    {"Sec-Fetch-Site": "none"},
    {"Referer": "http://localhost/990111/"},
    {},
]


@pytest.mark.parametrize("headers", ELSEWHERE)
def test_a_link_on_another_site_chooses_nothing(client, headers):
    page = client.get(
        url_for("preferences.choose", variant="hant", elder=1), status=302, headers=headers
    )
    assert "Set-Cookie" not in page.headers


@pytest.mark.parametrize("headers", HERE)
def test_a_link_of_this_site_chooses(client, headers):
    page = client.get(url_for("preferences.choose", variant="hant"), status=302, headers=headers)
    assert "gk_variant=hant" in page.headers["Set-Cookie"]
