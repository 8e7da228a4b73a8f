"""N30: personal data is found in each revision, decided about by two people, and never stored."""

from dataclasses import replace

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import IntegrityError

from core.audit.models import AuditEntry
from core.catalog.effective import effective_catalog
from core.db.engine import db
from core.db.scope import Scope, open_session
from core.errors import Forbidden, Invalid
from core.permissions import OPERATOR, Role
from core.publishing.guard.decisions import keep_finding
from core.publishing.guard.models import PublicationFinding
from core.publishing.guard.scanning import mask_content
from core.publishing.guard.service import list_findings
from core.publishing.guard.settings.rules import load_rules
from core.publishing.lists.domain.model import ColumnType, ListData, TypedColumn
from core.publishing.lists.item_templates.model import ItemTemplate, TemplateColumn
from core.publishing.lists.item_templates.service import save_template
from core.publishing.workflow.drafts import (
    discard,
    get_working_content,
    open_correction,
    save_content,
    submit,
)
from core.publishing.workflow.publish import publish
from core.publishing.workflow.review import may_review, pass_review
from core.publishing.workflow.withdrawal import approve, ask
from core.testing.factories.catalog import define_items
from core.testing.factories.people import create_person
from core.testing.factories.publishing import withdraw
from core.testing.queries import counted

pytestmark = pytest.mark.both_databases


@pytest.fixture
def named(make, persons):
    """A draft with a table of persons; more content by keyword."""

    def draft(session, **more):
        return make(session, **{"body_source": f"现公示如下。\n{persons.table}"} | more)

    return draft


def by_kind(session, publication):
    return {one.kind: one for one in list_findings(session, publication)}


def keep_all(session, actor, publication):
    for finding in list_findings(session, publication):
        keep_finding(session, actor, publication, finding, "依法必须公开")


def reasons(session, publication):
    return {one.id: "处罚决定须公开" for one in list_findings(session, publication)}


def test_a_revision_has_its_findings_by_column_and_never_a_value(village, named, persons):
    found = by_kind(village, named(village))
    assert {kind: (one.field, one.place, one.label, one.count) for kind, one in found.items()} == {
        "id_number": ("body", "0.2", "身份证号", 12),
        "phone": ("body", "0.3", "联系电话", 12),
    }
    assert (found["id_number"].sample, found["phone"].sample) == (
        "11*************470", "139****5678",
    )  # fmt: skip
    assert [len(one.digests) for one in found.values()] == [3, 3]
    village.commit()
    with db.engine.connect() as connection:
        stored = connection.execute(text("SELECT * FROM publication_finding")).all()
    assert not any(number in repr(stored) for number in (*persons.ids, *persons.phones))


def test_what_nobody_decided_about_is_not_handed_in(village, named, people):
    publication = named(village)
    with pytest.raises(Invalid) as refused:
        submit(village, people.clerk, publication)
    assert list(refused.value.fields) == ["body"]
    assert publication.state == "draft"


@pytest.fixture
def protected(tree):
    """An item whose template of the county protects a column."""
    define_items(
        tree.county, "wenhua", "公共文化", {"9901-minors-1": ("留守儿童关爱", ["village"])}
    )
    with open_session(Scope.platform("test")) as session:
        item = effective_catalog(session, tree.county).catalog.items["9901-minors-1"]
        columns = (
            TemplateColumn("child", "儿童姓名", ColumnType.NAME, protected=True),
            TemplateColumn("amount", "金额", ColumnType.MONEY),
        )
        save_template(
            session, OPERATOR, tree.county, item, ItemTemplate(columns), reason="未成年人"
        )  # fmt: skip
    return "9901-minors-1"


CHILDREN = "班级\t儿童姓名\t金额\n一班\t张小三\t200\n二班\t李四\t300"


def test_a_protected_column_of_the_items_template_is_found(village, make, people, protected, tree):
    """N30: names of minors, in the text and in the list, also under another heading."""
    columns = (TypedColumn("child", "孩子", ColumnType.NAME), TypedColumn("amount", "金额"))
    data = ListData(columns, (("张小三", "200"), ("李*", "300")))
    content = {"body_source": CHILDREN, "list_data": data, "title": "发放公示"}
    free = make(village, **content)
    assert list_findings(village, free) == []
    publication = make(village, **content, item_id=protected, no_item_reason=None)
    found = list_findings(village, publication)
    assert [(one.field, one.place, one.kind, one.count) for one in found] == [
        ("body", "0.1", "name", 2),
        ("list", "0", "name", 1),
    ]
    with pytest.raises(Invalid):
        submit(village, people.clerk, publication)
    rules = load_rules(village, tree.village, protected)
    masked, groups = mask_content(get_working_content(village, publication), rules)
    assert (len(groups), masked.list_data.rows) == (2, (("张*三", "200"), ("李*", "300")))
    assert masked.body_source == CHILDREN.replace("张小三", "张*三").replace("李四", "李*")


def test_title_and_summary_are_searched_too(village, named, people, persons):
    publication = named(
        village,
        body_source="正文。",
        title=f"关于{persons.ids[0]}的公告",
        summary=persons.phones[0],
    )
    with pytest.raises(Invalid) as refused:
        submit(village, people.clerk, publication)
    assert set(refused.value.fields) == {"title", "summary"}


def test_what_is_kept_needs_the_reason_of_a_second_person(village, named, people, checked, persons):
    publication = named(village)
    keep_all(village, people.clerk, publication)
    submit(village, people.clerk, publication)
    with pytest.raises(Invalid) as refused:
        pass_review(village, people.reviewer, publication, checked)
    assert len(refused.value.fields) == 2
    pass_review(
        village, people.reviewer, publication, checked, reasons=reasons(village, publication)
    )
    assert publication.state == "published"
    village.commit()
    acts = village.scalars(select(AuditEntry).where(AuditEntry.action.like("%finding%"))).all()
    assert [act.action for act in acts] == [
        *["publication.finding.keep"] * 2, *["publication.finding.confirm"] * 2,
    ]  # fmt: skip
    assert {act.detail["reason"] for act in acts} == {"依法必须公开", "处罚决定须公开"}
    assert not any(number in repr([act.detail for act in acts]) for number in persons.ids)


def test_who_decided_to_keep_it_does_not_review_it(village, named, people, checked, tree):
    both = create_person("both", Role.CLERK, tree.village, (Role.REVIEWER, tree.village))
    publication = named(village)
    keep_all(village, both, publication)  # who is no author of the text
    submit(village, people.clerk, publication)
    assert not may_review(village, both, publication)
    with pytest.raises(Forbidden):
        pass_review(village, both, publication, checked, reasons=reasons(village, publication))
    assert may_review(village, people.reviewer, publication)


def test_kept_stays_kept_until_a_new_value_comes(village, named, people, persons):
    publication = named(village)
    keep_all(village, people.clerk, publication)
    content = get_working_content(village, publication)
    fewer = replace(content, body_source=content.body_source.rpartition("\n")[0])
    save_content(village, people.clerk, publication, fewer)
    assert {one.handling for one in list_findings(village, publication)} == {"kept"}
    more = replace(
        fewer, body_source=f"{fewer.body_source}\n13\t村民\t110105199003077470\t15912345678\t1"
    )
    save_content(village, people.clerk, publication, more)
    assert {kind: one.handling for kind, one in by_kind(village, publication).items()} == {
        "id_number": "kept", "phone": "open",
    }  # fmt: skip


def test_the_operator_publishes_nothing_that_is_undecided(village, named, people):
    publication = named(village)
    with pytest.raises(Invalid):
        publish(village, people.clerk, publication)


def refused(statement, **values):
    with pytest.raises(IntegrityError), db.engine.begin() as connection:
        connection.execute(text(statement), values)


@pytest.fixture
def kept(village, named, people):
    """Handed in, with findings that were kept and not confirmed."""
    publication = named(village)
    keep_all(village, people.clerk, publication)
    submit(village, people.clerk, publication)
    village.commit()
    return publication


@pytest.fixture
def reviewed(kept, people):
    """Reviewed and approved by raw SQL, past every service."""
    with db.engine.begin() as connection:
        connection.execute(
            text(
                "INSERT INTO publication_review (tenant_id, publication_id, revision, step,"
                " reviewer_id, reviewer_name, author_id, outcome, comment, checks, at)"
                " SELECT tenant_id, id, 1, 1, :person, 'x', author_id, 'pass', '', '{}', created_at"
                " FROM publication WHERE id = :id"
            ),
            {"id": kept.id, "person": people.reviewer.user_id},
        )
        connection.execute(
            text("UPDATE publication SET state = 'approved' WHERE id = :id"), {"id": kept.id}
        )
    return kept.id


PUBLISH = (
    "UPDATE publication SET state = 'published', published_revision = 1, index_number = 'x',"
    " published_at = created_at WHERE id = :id"
)


def test_the_database_publishes_nothing_unconfirmed(reviewed):
    refused(PUBLISH, id=reviewed)


def test_the_database_publishes_nothing_that_was_not_searched(reviewed):
    with db.engine.begin() as connection:
        connection.execute(
            text(
                "UPDATE publication_finding SET confirmation = 'x', confirmed_at = created_at,"
                " confirmed_by_name = 'x'"
            )
        )
        connection.execute(text("UPDATE publication SET scanned_revision = NULL"))
    refused(PUBLISH, id=reviewed)
    with db.engine.begin() as connection:
        connection.execute(text("UPDATE publication SET scanned_revision = 1"))
        assert connection.execute(text(PUBLISH), {"id": reviewed}).rowcount == 1


def test_the_database_lets_nobody_confirm_alone_or_change_a_decision(kept, people):
    refused(
        "UPDATE publication_finding SET confirmation = 'x', confirmed_at = created_at,"
        " confirmed_by_id = decided_by_id"
    )
    refused("UPDATE publication_finding SET reason = ''")
    refused("DELETE FROM publication_finding")
    with db.engine.begin() as connection:
        connection.execute(
            text(
                "UPDATE publication_finding SET confirmation = 'x', confirmed_at = created_at,"
                " confirmed_by_id = :person"
            ),
            {"person": people.reviewer.user_id},
        )
    refused("UPDATE publication_finding SET handling = 'open'")


def test_a_correction_is_searched_and_what_is_public_keeps_its_decisions(
    village, named, people, checked
):
    publication = named(village)
    keep_all(village, people.clerk, publication)
    submit(village, people.clerk, publication)
    pass_review(
        village, people.reviewer, publication, checked, reasons=reasons(village, publication)
    )
    open_correction(village, people.clerk, publication)
    content = get_working_content(village, publication)
    worse = replace(content, body_source=f"{content.body_source}\n另:15912345678。")
    save_content(village, people.clerk, publication, worse)
    with pytest.raises(Invalid):
        submit(village, people.clerk, publication)
    assert {one.handling for one in list_findings(village, publication, 1)} == {"kept"}
    discard(village, people.clerk, publication)
    assert publication.correction is None


def test_what_was_withdrawn_comes_back_only_when_two_have_decided(
    village, make_public, people, persons
):
    publication = make_public(village)
    withdraw(village, people.clerk, publication, "误发")
    village.commit()
    with db.engine.begin() as connection:  # published before there was a guard
        connection.execute(text("UPDATE publication SET scanned_revision = NULL"))
    village.expire_all()
    restored = ask(village, people.clerk, publication, "查实无误")
    approve(village, people.officer, restored)
    assert (publication.state, publication.scanned_revision) == ("published", 1)


def test_an_old_text_with_personal_data_is_not_put_back(
    village, make_public, people, persons, monkeypatch
):
    with monkeypatch.context() as before_the_guard:
        before_the_guard.setattr(
            "core.publishing.guard.service.find_groups", lambda content, rules: []
        )
        publication = make_public(village, body_source=persons.table)
    withdraw(village, people.clerk, publication, "误发")
    restored = ask(village, people.clerk, publication, "查实无误")
    with pytest.raises(Invalid):
        approve(village, people.officer, restored)


def test_a_save_and_a_submit_cost_a_bounded_number_of_statements(village, named, people, persons):
    publication = named(village)
    village.commit()
    content = get_working_content(village, publication)
    worse = replace(content, body_source=f"{content.body_source}\n另:15912345678。")
    with counted() as sent:
        save_content(village, people.clerk, publication, worse, before=content)
    # Settings, telephones of organs, the findings before, those deleted and added; the publication
    # and its tenant after the commit, what it changes, the revision.
    assert len(sent) <= 9, "\n".join(one[:90] for one in sent)
    keep_all(village, people.clerk, publication)
    village.flush()
    with counted() as sent:
        submit(village, people.clerk, publication, worse)
    assert len(sent) <= 6, sent  # the chain, settings, telephones, findings; the state, the record


def test_findings_go_with_their_draft(village, named, people):
    publication = named(village)
    keep_all(village, people.clerk, publication)
    village.flush()
    discard(village, people.clerk, publication)
    assert village.scalars(select(PublicationFinding)).all() == []
