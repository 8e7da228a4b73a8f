"""Pictures are decoded one at a time, within a bound, and while nobody waits for the database."""

import threading
from io import BytesIO

import pytest
from PIL import Image

from core.db.engine import db
from core.errors import Invalid
from core.publishing.files import images, validation
from core.publishing.files.images import Picture
from core.publishing.files.validation import check_file

MOST = 10**7


def picture(size, kind="PNG", **options):
    buffer = BytesIO()
    Image.new("1" if kind == "PNG" else "L", size).save(buffer, kind, **options)
    return buffer.getvalue()


@pytest.fixture
def decoding(monkeypatch):
    """Call something instead of decoding."""

    def use(function):
        def decode(data):
            function()
            return Picture(data, "image/png", "png", 1, 1)

        monkeypatch.setattr(images, "re_encode", decode)

    return use


@pytest.mark.parametrize(
    ("data", "name"),
    [
        (picture((8000, 6000)), "a.png"),
        (picture((8000, 6000), "JPEG", progressive=True), "a.jpg"),
        (picture((10_000, 9000), "JPEG"), "a.jpg"),
    ],
    ids=["png", "progressive", "plain"],
)
def test_a_picture_that_needs_too_much_memory_is_refused_by_its_header(
    app, monkeypatch, data, name
):
    monkeypatch.setattr(Image.Image, "load", lambda *_: pytest.fail("it was decoded"))
    with app.test_request_context(), pytest.raises(Invalid, match="像素"):
        check_file(name, data, most_bytes=MOST)


def test_a_large_photograph_is_scaled_while_it_is_read(app):
    data = picture((8000, 6000), "JPEG")
    with app.test_request_context():
        checked = check_file("a.jpg", data, most_bytes=MOST)
    assert (checked.width, checked.height) == (2560, 1920)


def test_one_picture_is_decoded_at_a_time(app, decoding):
    running, most = [], []
    meeting = threading.Barrier(4)

    def decode():
        running.append(1)
        most.append(len(running))
        running.pop()

    decoding(decode)
    data = picture((10, 10))

    def send():
        with app.test_request_context():
            meeting.wait(20)
            check_file("a.png", data, most_bytes=MOST)

    senders = [threading.Thread(target=send) for _ in range(4)]
    for sender in senders:
        sender.start()
    for sender in senders:
        sender.join()
    assert most == [1] * 4


def test_a_picture_that_waits_too_long_says_so(app, decoding, monkeypatch):
    monkeypatch.setattr(validation, "LONGEST_WAIT", 0)
    data = picture((10, 10))

    def decode():
        with pytest.raises(Invalid, match="正在处理其他图片"):
            validation._picture("b.png", data)

    decoding(decode)
    with app.test_request_context():
        check_file("a.png", data, most_bytes=MOST)


def test_others_can_write_while_the_picture_of_a_new_text_is_decoded(
    client, tree, sign_in_as, decoding
):
    sign_in_as("clerk", tree.village)

    def write():
        with db.engine.connect() as connection:
            connection.exec_driver_sql("PRAGMA busy_timeout = 0")
            connection.exec_driver_sql("BEGIN IMMEDIATE")
            connection.rollback()
            connection.exec_driver_sql("PRAGMA busy_timeout = 10000")
        written.append(1)

    written = []
    decoding(write)
    form = {
        "title": "照片",
        "body": "正文",
        "photos": [(BytesIO(picture((10, 10))), f"{number}.png") for number in range(2)],
    }
    address = f"/{tree.village.division_code}/console/publications/"
    client.get(f"{address}new/form/")  # makes the organ of the place, once
    client.post(address, form, status=302)
    assert len(written) == 2
