"""A list of people in an old document is converted in the background, then shown as it was read."""

from io import BytesIO

import pytest
from sqlalchemy import select

from core.testing.factories.office import (
    OLD_DOCUMENT,
    put_office_program,
    restore_office_program,
    run_conversions,
    write_docx,
)
from core.testing.factories.people import create_person
from core.testing.pages import url_for
from plugins.open_day.models.followup import Nomination
from plugins.open_day.models.registration import Registration

ROWS = [["姓名", "电话"], ["张三", "13812345678"], ["李四", "13912345678"]]


@pytest.fixture
def liaison(client, county, tmp_path):
    (tmp_path / "made.docx").write_bytes(write_docx("邀请名单", ROWS))
    put_office_program(tmp_path, f'cp {tmp_path}/made.docx "$out/document.docx"')
    create_person("liaison", "liaison", county)
    client.sign_in("liaison")
    yield client
    restore_office_program()


def test_an_old_list_waits_and_is_shown_before_anybody_is_invited(liaison, own, day):
    address = url_for("plugin_open_day_entry.invited", day.id)
    slot = str(day.slots[0].id)
    sent = {"slot": slot, "file": (BytesIO(OLD_DOCUMENT), "名单.doc")}
    waiting = liaison.post(address, sent).location
    assert "名单.doc" in liaison.get(waiting).text
    run_conversions()
    page = liaison.get(liaison.get(waiting, status=302).location)
    assert "李四" in page.select("//main//table")[0].text_content()
    assert own.scalars(select(Registration)).all() == []
    hidden = {name: page.select(f"//input[@name='{name}']/@value") for name in ("slot", "rows")}
    confirmed = {name: values[0] for name, values in hidden.items()}
    assert confirmed["slot"] == slot
    liaison.post(address, confirmed | {"act": "confirm"}, status=200)
    assert [one.name for one in own.scalars(select(Registration))] == ["张三", "李四"]


def test_an_old_list_of_a_units_nominees_waits_and_is_shown_first(liaison, own, county, day):
    unit = Nomination(
        tenant_id=county.id, open_day_id=day.id, slot_id=day.slots[0].id, unit="县水务局", quota=2
    )
    own.add(unit)
    own.commit()
    address = url_for("plugin_open_day_nominations.name_people", day.id, unit.id)
    waiting = liaison.post(address, {"file": (BytesIO(OLD_DOCUMENT), "名单.doc")}).location
    run_conversions()
    page = liaison.get(liaison.get(waiting, status=302).location)
    assert "李四" in page.select("//main//table")[0].text_content()
    assert own.scalars(select(Registration)).all() == []
    rows = page.select("//input[@name='rows']/@value")[0]
    liaison.post(address, {"act": "confirm", "rows": rows}, status=200)
    assert [one.name for one in own.scalars(select(Registration))] == ["张三", "李四"]


def test_a_units_list_that_cannot_be_converted_is_told_at_its_field(
    liaison, own, county, day, tmp_path
):
    put_office_program(tmp_path, "exit 1")
    unit = Nomination(
        tenant_id=county.id, open_day_id=day.id, slot_id=day.slots[0].id, unit="县水务局", quota=2
    )
    own.add(unit)
    own.commit()
    address = url_for("plugin_open_day_nominations.name_people", day.id, unit.id)
    waiting = liaison.post(address, {"file": (BytesIO(OLD_DOCUMENT), "名单.doc")}).location
    run_conversions()
    page = liaison.get(liaison.get(waiting, status=302).location, status=422)
    assert page.select(f"//input[@id='file-{unit.id}']/preceding-sibling::p[@class='field__error']")
