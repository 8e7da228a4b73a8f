"""People's data that is invented, in texts that clerks paste."""

from types import SimpleNamespace

import pytest

from core.testing.factories.trees import VILLAGE
from core.testing.pages import url_for

# Made up, with right check digits.
IDS = ("11010519491231002X", "110105199003077470", "110105198512019119")
PHONES = ("13800138000", "13912345678", "15012345678")
HEADS = "序号\t姓名\t身份证号\t联系电话\t金额"
ROWS = [
    f"{number}\t村民{number}\t{IDS[number % 3]}\t{PHONES[number % 3]}\t{number}00"
    for number in range(1, 13)
]
TABLE = "\n".join([HEADS, *ROWS])


@pytest.fixture
def persons():
    return SimpleNamespace(ids=IDS, phones=PHONES, table=TABLE)


@pytest.fixture
def form():
    """What a clerk types in the form of a new publication; more by keyword."""

    def fill(**more):
        return {
            "title": "冬春救助发放公示",
            "body": f"现公示如下。\n{TABLE}",
            "no_item_reason": "目录中没有对应事项",
            "genre": "公示公告",
            "formed_on": "2026-04-10",
        } | more

    return fill


@pytest.fixture
def write(sign_in, form):
    """Post the form as the village's clerk; the page, or the page that follows."""
    client = sign_in("clerk")

    def post(number=None, status=None, **more):
        if number is None:
            address = url_for("publishing_console.create", place=VILLAGE)
        else:
            address = url_for("publishing_console.save", number, place=VILLAGE)
        return client.post(address, form(**more), status=status or 200, follow_redirects=True)

    return post
