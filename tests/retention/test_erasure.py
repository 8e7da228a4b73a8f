"""Personal data goes when its time is over: field by field, in batches, on record."""

from datetime import timedelta

import pytest
from flask import current_app
from sqlalchemy import func, select

from core import clock
from core.audit.models import AuditEntry
from core.db.scope import Scope, open_session
from core.redaction import keyed_digest
from core.retention import service
from core.retention.fields import DaysAfter, ErasureAction, PersonalField, list_personal_fields
from core.retention.forecast import list_forecasts
from core.retention.service import erase_due

both = pytest.mark.both_databases


def acts(tenant):
    with open_session(Scope.own(tenant)) as session:
        query = select(AuditEntry).where(AuditEntry.action == "retention.erase")
        return session.scalars(query.order_by(AuditEntry.id)).all()


def count(model, tenant):
    with open_session(Scope.own(tenant)) as session:
        return session.scalar(select(func.count(model.id)))


@both
def test_each_field_goes_as_it_was_declared(tree, visits, add_visit, load):
    key = add_visit(tree.town, 181)
    assert sum(erased.rows for erased in erase_due()) == 2  # the visit and its companion
    visit = load(tree.town, key)
    assert (visit.name, visit.phone, visit.phone_digest) == ("", "", None)
    assert visit.shown_as == "王*明"
    assert visit.account == keyed_digest("visits.account", "6222020200112233445")
    assert visit.wishes == {"食物": "清真"}  # has a term of its own, which is not set
    assert visit.erased_at is not None
    assert visit.version == 2  # who has the old form open does not write it back
    assert count(visits.Guest, tree.town) == 0


@both
def test_what_is_erased_is_found_once_only_and_stands_on_record(tree, add_visit):
    add_visit(tree.town, 181)
    list(erase_due())
    assert list(erase_due()) == []
    recorded = {act.subject: act.detail for act in acts(tree.town)}
    assert recorded == {
        "visits_visit": {
            "feature": "visits",
            "fields": ["name", "phone", "phone_digest", "shown_as", "account"],
            "rows": 1,
        },
        "visits_guest": {"feature": "visits", "fields": ["name"], "rows": 1},
    }
    assert "王小明" not in str(recorded)


@both
def test_rows_go_by_terms_of_their_own(tree, add_visit, load):
    short, long = add_visit(tree.town, 31, days=30), add_visit(tree.town, 31, days=365)
    today = clock.today()
    passed, ahead = (
        add_visit(tree.town, -1, purge_on=day) for day in (today, today + timedelta(days=1))
    )
    list(erase_due())
    assert [load(tree.town, key).name for key in (short, long)] == ["", "王小明"]
    assert load(tree.town, passed).wishes == {}
    assert load(tree.town, passed).name == "王小明"
    assert load(tree.town, ahead).wishes == {"食物": "清真"}


@both
def test_many_rows_go_in_short_transactions(tree, add_visit, monkeypatch):
    monkeypatch.setattr(service, "BATCH", 2)
    for _ in range(5):
        add_visit(tree.town, 181)
    rows = {erased.group.fields[0].table: erased.rows for erased in erase_due()}
    assert rows == {"visits_visit": 5, "visits_guest": 5}
    recorded = [act.detail["rows"] for act in acts(tree.town) if act.subject == "visits_visit"]
    assert recorded == [2, 2, 1]


@both
def test_a_place_that_fails_keeps_its_rows_and_stops_no_other(
    tree, visits, add_visit, load, monkeypatch
):
    kept, gone = add_visit(tree.town, 181), add_visit(tree.sister_town, 181)
    erase_rows = service.erase_rows

    def fail_in_town(session, fields, rows, now):
        erase_rows(session, fields, rows, now)
        if rows[0].tenant_id == tree.town.id:
            raise OSError("the disk is full")

    monkeypatch.setattr(service, "erase_rows", fail_in_town)
    list(erase_due())
    assert load(tree.town, kept).name == "王小明"
    assert acts(tree.town) == []
    assert load(tree.sister_town, gone).name == ""
    monkeypatch.undo()
    list(erase_due())
    assert load(tree.town, kept).name == ""


def test_a_night_ends(tree, add_visit, load, monkeypatch):
    monkeypatch.setattr(service, "LONGEST_NIGHT", -1.0)
    key = add_visit(tree.town, 181)
    assert list(erase_due()) == []
    assert load(tree.town, key).name == "王小明"


@both
def test_the_dry_run_says_what_goes_until_when_and_changes_nothing(tree, add_visit, load):
    key = add_visit(tree.town, 175)
    add_visit(tree.town, 185)
    today = clock.today()
    (found,) = [
        forecast
        for forecast in list_forecasts([tree.town])
        if str(forecast.group.fields[0]) == "visits_visit.name"
    ]
    assert found.due == tuple(
        (today + timedelta(days=days), rows) for days, rows in ((0, 1), (7, 2), (30, 2), (90, 2))
    )
    assert load(tree.town, key).name == "王小明"
    assert acts(tree.town) == []
    assert list(list_forecasts([tree.village])) == []


@both
def test_what_another_worker_erases_is_left_to_it(
    tree, visits, add_visit, database_kind, monkeypatch
):
    if database_kind != "postgresql":
        pytest.skip("SQLite has one writer at a time")
    add_visit(tree.town, 181)
    erase_rows = service.erase_rows
    nested = []

    def with_another_worker(*arguments):
        if not nested:
            nested.append(True)
            nested.extend(erase_due())
        erase_rows(*arguments)

    monkeypatch.setattr(service, "erase_rows", with_another_worker)
    rows = [erased.rows for erased in erase_due()]
    tables = [str(erased.group.fields[0]) for erased in nested[1:]]
    assert (rows, tables) == ([1], ["visits_guest.name"])


def test_the_operator_sees_what_is_kept_and_what_goes(gongkai, tree, add_visit, plugin_factory):
    folders = {"GONGKAI_PLUGIN_FOLDERS": str(plugin_factory.folder)}
    add_visit(tree.town, 181)
    fields = gongkai("retention", "fields", "--json", **folders).json["fields"]
    assert {
        "feature": "visits",
        "field": "visits_visit.name",
        "what": "name",
        "basis": "to keep the place",
        "kept": "180 days",
        "action": "erase",
    } in fields
    due = gongkai("retention", "preview", "--tenant", "990111100", "--json", **folders).json["due"]
    assert {each["table"] for each in due} == {"visits_visit", "visits_guest"}
    checks = gongkai("doctor", "--json", **folders).json["checks"]
    assert [each["name"] for each in checks if each["name"].startswith("personal")] == [
        "personal data visits_guest at 990111100"
    ]
    erased = gongkai("retention", "run", "--json", **folders).json["erased"]
    assert {each["table"]: each["rows"] for each in erased} == {
        "visits_visit": 1,
        "visits_guest": 1,
    }


def test_fields_of_a_plugin_that_is_left_out_are_not_touched(tree, add_visit, load):
    key = add_visit(tree.town, 181)
    current_app.extensions["plugins"].plugins.pop("visits")
    assert "visits" not in {feature for feature, _field in list_personal_fields()}
    assert list(erase_due()) == []
    assert load(tree.town, key).name == "王小明"


@pytest.mark.parametrize(
    ("column", "options"),
    [
        ("nothing", {}),
        ("name", {"action": ErasureAction.MASK}),
        ("account", {"action": ErasureAction.DIGEST}),
        ("phone", {"action": ErasureAction.DIGEST, "purpose": "visits.phone"}),
    ],
)
def test_a_declaration_that_cannot_work_is_refused(visits, column, options):
    words = {"what": "", "basis": "", "kept": ""}
    keep = DaysAfter(visits.Visit.purge_on, 0)
    with pytest.raises(ValueError, match=r"column|masked|digest"):
        PersonalField(visits.Visit, column, keep=keep, **words, **options)
