"""The preview that is asked for while somebody types: what the sanitiser makes, and no more."""

import json
from io import BytesIO

from PIL import Image

from core.publishing.console.live_text import MOST_PREVIEWS
from core.testing.factories.trees import VILLAGE
from core.testing.pages import url_for

JSON = {"Accept": "application/json"}


def ask(client, status=200, **fields):
    address = url_for("publishing_text.preview", place=VILLAGE)
    return json.loads(client.post(address, fields, status=status, headers=JSON).data)


def save(client, **more):
    stream = BytesIO()
    Image.new("RGB", (40, 30), "red").save(stream, "PNG")
    stream.seek(0)
    data = {"title": "路灯", "body": "正文", "no_item_reason": "自愿公开", "act": "save"} | more
    address = url_for("publishing_console.create", place=VILLAGE)
    page = client.post(address, data | {"photos": [(stream, "路灯.png")]})
    edit = client.get(page.location + "edit/")
    [file] = edit.select("//input[@name='file']/@value")
    [publication] = edit.select("//form/@data-publication")
    [address] = edit.select("//img[@data-kept-picture]/@src")
    return {"file": file, "publication": publication}, address


def test_it_is_what_the_sanitiser_makes(sign_in):
    answer = ask(sign_in("clerk"), body="<h1>一</h1><p onclick=x>二<script>x</script></p>")
    assert answer["html"] == "<h2>一</h2><p>二</p>"
    assert "<h2>一</h2><p>二</p>" in answer["preview"]
    assert 'name="body_seen"' in answer["preview"]


def test_pictures_are_those_of_this_publication(sign_in):
    client = sign_in("clerk")
    own, address = save(client)
    other, _address = save(client, title="另一条")
    body = f'<p>如图<img src="{address}" alt="路灯"></p>'
    assert "<img" in ask(client, body=body, **own)["html"]
    assert "<img" not in ask(client, body=body, **other)["html"]
    assert "<img" not in ask(client, body=body, file=own["file"])["html"]


def test_too_much_and_too_often_is_said(sign_in):
    client = sign_in("clerk")
    assert "500000" in ask(client, 422, body="长" * 500_001)["message"]
    for _number in range(MOST_PREVIEWS - 1):
        ask(client, body="正文")
    assert "预览次数过多" in ask(client, 429, body="正文")["message"]


def test_who_may_not_write_is_refused(sign_in):
    ask(sign_in("reviewer"), 403, body="正文")
