"""Lists of people as offices send them."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.sdk import parse_phone, read_pasted_list
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
