"""Lists of people as offices send them."""

from hypothesis import given
from hypothesis import strategies as st

from plugins.open_day.domain.participant_lists import (
    RowFault,
    looks_like_phone,
    pasted_rows,
    plain_phone,
    read_people,
)

LIST = """姓名\t单位\t手机号码\t人数
张三\t东镇崾岘村委会\t138 1234 5678\t1
李四\t县人大代表\t+86-139-1234-5678\t2人
王五\t东镇中学\t\t1
\t东镇\t13812345670\t1
赵六\t东镇\t12345\t1
张三\t别的单位\t13812345678\t1
"""


def test_a_pasted_table_with_a_head_row():
    outcome = read_people(pasted_rows(LIST))
    assert [(p.name, p.phone, p.unit, p.heads) for p in outcome.people] == [
        ("张三", "13812345678", "东镇崾岘村委会", 1),
        ("李四", "13912345678", "县人大代表", 2),
    ]
    assert [(row.place, row.fault) for row in outcome.faults] == [
        ("4", RowFault.NO_PHONE),
        ("5", RowFault.NO_NAME),
        ("6", RowFault.BAD_PHONE),
        ("7", RowFault.TWICE),
    ]


def test_lines_without_a_head_row_in_any_order():
    text = "张三 13812345678 崾岘村\n09515012345,李四,县医院\n王五、县人大、13912345678、代表"
    outcome = read_people(pasted_rows(text))
    assert outcome.faults == []
    assert [(p.name, p.phone, p.unit) for p in outcome.people] == [
        ("张三", "13812345678", "崾岘村"),
        ("李四", "09515012345", "县医院"),
        ("王五", "13912345678", "县人大"),
    ]


def test_a_head_row_of_a_table_may_say_more():
    rows = [
        ("1", ["序号", "姓 名(必填)", "联系电话", "工作单位"]),
        ("2", ["1", "张三", "13812345678", ""]),
    ]
    assert read_people(rows).people[0].name == "张三"


def test_full_width_digits_are_digits():
    assert plain_phone("138 1234 5678") == "13812345678"
    assert looks_like_phone("（0951）5012345")


@given(st.text(max_size=300))
def test_every_line_comes_out_once(text):
    rows = pasted_rows(text)
    outcome = read_people(rows)
    told = len(outcome.people) + len(outcome.faults)
    filled = sum(any(cells) for _place, cells in rows)
    assert told in {filled, filled - 1}
    assert all(person.name and looks_like_phone(person.phone) for person in outcome.people)
