"""Whatever comes from outside is bounded before a view sees it, for every route alike."""

from io import BytesIO

import pytest
from flask import Flask, jsonify, request
from hypothesis import given
from hypothesis import strategies as st

from core import bounds
from core.web.incoming import init_incoming


@pytest.fixture(scope="module")
def client():
    app = Flask("bounds")
    init_incoming(app)

    @app.get("/things/<int:number>/")
    @app.get("/names/<name>/")
    def path(**values):
        return jsonify(values)

    @app.post("/echo/")
    def echo():
        files = [file.filename for file in request.files.getlist("file")]
        return jsonify(args=request.args, form=request.form, files=files)

    @app.post("/json/")
    def read_json():
        return jsonify(request.get_json(silent=True))

    return app.test_client()


@pytest.mark.parametrize("number", [2**31, 2**63, 2**64, "9" * 5_000, "-1", "1e3"])
def test_a_number_that_no_row_can_have_is_an_unknown_address(client, number):
    assert client.get(f"/things/{number}/").status_code == 404


def test_numbers_up_to_the_bound_are_passed_on(client):
    assert client.get(f"/things/{2**31 - 1}/").json == {"number": 2**31 - 1}


@pytest.mark.parametrize("name", ["a%00b", "%1b", "x" * 301])
def test_a_name_with_controls_or_without_end_is_an_unknown_address(client, name):
    assert client.get(f"/names/{name}/").status_code == 404


def test_what_no_database_keeps_is_gone_from_parameters_fields_and_file_names(client):
    data = {"a\x00": "x\x00y\ufffe", "file": (BytesIO(b"1"), "a\x00b.txt")}
    answer = client.post("/echo/?q=%00v&n%00=1", data=data).json
    assert answer == {"args": {"q": "v", "n": "1"}, "form": {"a": "xy"}, "files": ["ab.txt"]}


def test_json_is_cleaned_and_what_is_nested_too_deep_is_none(client):
    body = '{"a\\u0000": ["x\\ud800y", 1, null]}'
    sent = {"content_type": "application/json"}
    assert client.post("/json/", data=body, **sent).json == {"a": ["xy", 1, None]}
    assert client.post("/json/", data="[" * 100_000, **sent).json is None


@given(st.text(alphabet=st.characters(exclude_categories=())))
def test_cleaned_texts_can_be_stored(text):
    for cleaned in (bounds.clean_text(text), bounds.drop_unstorable(text)):
        assert "\x00" not in cleaned
        cleaned.encode()
    assert not bounds.has_controls(bounds.clean_text(text))


@given(st.dates())
def test_days_have_bounds_from_which_one_can_go_on_counting(day):
    if bounds.FIRST_DAY <= day <= bounds.LAST_DAY:
        assert bounds.parse_day(day.isoformat()) == day
    else:
        with pytest.raises(ValueError, match="day"):
            bounds.parse_day(day.isoformat())


@pytest.mark.parametrize("text", ["", "2026-1-1", "2026-W01-1", "9999-12-31", "0001-01-01", "x"])
def test_what_is_no_day(text):
    with pytest.raises(ValueError, match=r"day|isoformat"):
        bounds.parse_day(text)


@pytest.mark.parametrize("text", ["0001-01-01T00:00", "9999-12-31T23:59+08:00", "x"])
def test_what_is_no_moment(text):
    with pytest.raises(ValueError, match=r"day|isoformat"):
        bounds.parse_moment(text)
