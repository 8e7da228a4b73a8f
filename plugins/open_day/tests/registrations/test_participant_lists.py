"""Lists of people as offices send them."""

from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.sdk import parse_phone, read_list_file, read_pasted_list
from plugins.open_day.registrations.participant_lists import read_people


@pytest.fixture(autouse=True)
def _in_app(app):
    """Messages have a language in an application only."""
    with app.test_request_context():
        yield


def read(text):
    return read_people(read_pasted_list(text))


LIST = """姓名\t单位\t手机号码\t人数
张三\t东镇崾岘村委会\t138 1234 5678\t1
李四\t县人大代表\t+86-139-1234-5678\t2人
王五\t东镇中学\t\t1
\t东镇\t13812345670\t1
赵六\t东镇\t12345\t1
张三\t别的单位\t13812345678\t1
"""


def test_a_pasted_table_with_a_head_row():
    outcome = read(LIST)
    assert [(p.name, p.phone, p.unit, p.heads) for p in outcome.people] == [
        ("张三", "13812345678", "东镇崾岘村委会", 1),
        ("李四", "13912345678", "县人大代表", 2),
    ]
    wrong = [(fault.place, fault.column and fault.column.key) for fault in outcome.faults]
    assert wrong == [
        ("第4行", "phone"),
        ("第5行", "name"),
        ("第6行", "phone"),
        ("第7行", None),  # stands in the list twice
    ]


def test_lines_without_a_head_row_in_any_order():
    text = "张三 13812345678 崾岘村\n09515012345,李四,县医院\n王五、县人大、13912345678、代表"
    outcome = read(text)
    assert outcome.faults == []
    assert [(p.name, p.phone, p.unit) for p in outcome.people] == [
        ("张三", "13812345678", "崾岘村"),
        ("李四", "09515012345", "县医院"),
        ("王五", "13912345678", "县人大"),
    ]


@pytest.mark.parametrize(
    "text",
    [
        (
            "青石镇政务开放日邀请名单\n填报单位:党政办\n序号\t姓名\t性别\t单位及职务\t联系电话\t人数\n"
            "1\t古月\t男\t县人大代表\t13511110001\t1\n2\t石 清\t女\t县政协委员\t135 1111 0002\t"
        ),
        (
            "邀请名单\n序号 姓名 性别 单位 联系电话\n1 古月 男 县人大代表 13511110001\n"
            "2 石 清 女 县政协委员 13511110002"
        ),
        (
            "序号，姓名，性别，单位，电话\n1，古月，男，县人大代表，13511110001\n\n"
            "2，石清，女，县政协委员，13511110002"
        ),
        "1 古月 男 县人大代表 13511110001\n2 石清 女 县政协委员 13511110002",
        "1、古月、县人大代表、13511110001\n2、石清、县政协委员、13511110002",
    ],
)
def test_the_number_of_a_row_is_no_unit(text):
    outcome = read(text)
    assert outcome.faults == []
    assert [(p.name, p.phone, p.unit, p.heads) for p in outcome.people] == [
        ("古月", "13511110001", "县人大代表", 1),
        ("石清", "13511110002", "县政协委员", 1),
    ]


def test_a_missing_cell_is_never_filled_from_its_neighbour():
    outcome = read("姓名 单位 电话 人数\n古月 县人大 13511110001 2\n石清 13511110002 3\n王五 甲 乙")
    assert [(p.name, p.unit, p.heads) for p in outcome.people] == [
        ("古月", "县人大", 2), ("石清", "", 3)
    ]  # fmt: skip
    assert [fault.place for fault in outcome.faults] == ["第4行"]


def test_the_lists_of_the_field(shared_data):
    folder = shared_data / "field" / "invitation-list"
    for name, people in (
        ("invite.xlsx", ["古月", "石清", "欧阳德"]),
        ("invite.csv", ["尤一", "许二"]),
    ):
        outcome = read_people(read_list_file((folder / name).read_bytes(), name))
        assert [person.name for person in outcome.people] == people
        assert not any(person.unit.isdigit() for person in outcome.people)
        assert outcome.to_preview()["count"] == len(people)


def test_a_list_that_was_shown_reads_back_as_it_was():
    shown = read(LIST)
    again = read(shown.to_preview()["text"])
    assert [replace(person, place="") for person in again.people] == [
        replace(person, place="") for person in shown.people
    ]
    assert again.faults == []


def test_a_head_row_of_a_table_may_say_more():
    text = "序号\t姓 名(必填)\t联系电话\t工作单位\n1\t张三\t13812345678\t"
    assert read(text).people[0].name == "张三"


def test_a_phone_of_a_list_is_a_phone_of_the_form():
    assert read("李四 7012345").people == []
    assert read("李四 （0951）5012345").people[0].phone == "09515012345"


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text(max_size=300))
def test_every_line_comes_out_once(text):
    outcome = read(text)
    [rows] = read_pasted_list(text).tables
    places = {fault.place for fault in outcome.faults} | {each.place for each in outcome.people}
    assert len(places) == len({*places})
    assert {row.place for row in rows if any(c.strip() for c in row.cells)} >= places - {""}
    assert all(each.name and parse_phone(each.phone) for each in outcome.people)
