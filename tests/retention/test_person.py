"""A person's data is erased on request, everywhere below a place, without naming the person."""

import pytest
from sqlalchemy import func, select

from core.audit.models import AuditEntry
from core.db.scope import Scope, open_session
from core.errors import Invalid
from core.permissions import OPERATOR
from core.retention.person import erase_person, find_person

pytestmark = pytest.mark.both_databases
PHONE, OTHER = "13812345678", "13900000000"


@pytest.fixture
def subtree(tree):
    with open_session(Scope.subtree(tree.county, "test")) as session:
        yield session


def test_everything_of_one_person_goes_and_nothing_of_others(
    tree, visits, add_visit, load, subtree
):
    asked = [add_visit(tree.town, 0), add_visit(tree.village, 0)]
    other = add_visit(tree.town, 0, phone=OTHER)
    elsewhere = add_visit(tree.other_county, 0)
    found = {each.table: len(each.rows) for each in find_person(subtree, PHONE)}
    erase_person(subtree, tree.county, OPERATOR, PHONE, reason="本人申请")
    subtree.commit()
    first, second = load(tree.town, asked[0]), load(tree.village, asked[1])
    for visit in (first, second):
        assert (visit.name, visit.phone, visit.phone_digest) == ("", "", None)
        assert visit.account == "6222020200112233445"  # must be kept by law
        assert visit.wishes == {}
    assert load(tree.town, other).name == load(tree.other_county, elsewhere).name == "王小明"
    with open_session(Scope.own(tree.town)) as session:
        assert session.scalar(select(func.count(visits.Guest.id))) == 1  # the other's
    assert found == {"visits_guest": 2, "visits_visit": 2}
    assert find_person(subtree, PHONE) == []


def test_it_stands_on_record_without_the_person(tree, add_visit, subtree):
    add_visit(tree.town, 0)
    erase_person(subtree, tree.county, OPERATOR, PHONE, reason="本人申请")
    subtree.commit()
    (act,) = subtree.scalars(
        select(AuditEntry).where(AuditEntry.action == "retention.erase_person")
    )
    assert act.tenant_id == tree.county.id
    assert act.detail["reason"] == "本人申请"
    assert PHONE not in act.subject + str(act.detail)
    erase_person(subtree, tree.county, OPERATOR, PHONE, reason="再次申请")
    subtree.commit()
    subjects = subtree.scalars(
        select(AuditEntry.subject).where(AuditEntry.action == "retention.erase_person")
    ).all()
    assert subjects == [act.subject] * 2


def test_a_reason_is_needed(tree, subtree):
    with pytest.raises(Invalid):
        erase_person(subtree, tree.county, OPERATOR, PHONE, reason=" ")


def test_the_operator_erases_a_person_after_a_dry_run(
    gongkai, tree, add_visit, load, plugin_factory
):
    folders = {"GONGKAI_PLUGIN_FOLDERS": str(plugin_factory.folder)}
    key = add_visit(tree.town, 0)
    words = ("retention", "erase-person", "--tenant", "990111", "--phone", "138 1234 5678")
    dry = gongkai(*words, "--dry-run", "--json", **folders).json
    assert dry == {"rows": {"visits_visit": 1, "visits_guest": 1}, "dry_run": True}
    assert load(tree.town, key).name == "王小明"
    assert gongkai(*words, "--json", **folders).status == 1  # no reason
    done = gongkai(*words, "--reason", "本人申请", "--json", **folders)
    assert done.json["rows"]["visits_guest"] == 1
    assert load(tree.town, key).name == ""
