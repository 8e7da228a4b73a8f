"""A request asks once which catalog is in force here, and sees what it has approved itself."""

from functools import partial

import pytest

from core.catalog.domain.changes import Refine
from core.catalog.editing.review import approve_revision, submit_revision
from core.catalog.effective import effective_catalog
from core.db.scope import Scope, new_session, open_session
from core.permissions import OPERATOR
from core.testing.factories.catalog import FIRST
from core.testing.pages import url_for
from core.testing.queries import counted

PAGES = [
    partial(url_for, "catalog_console.items"),
    partial(url_for, "catalog_console.item", FIRST),
    partial(url_for, "catalog_forms.refine", FIRST, "mode"),
    partial(url_for, "catalog_changes.index"),
    partial(url_for, "catalog_compare.upstream"),
    partial(url_for, "publishing_console.new", item=FIRST),
    partial(url_for, "catalog.item", FIRST),
]


def heads(sent):
    return [statement for statement in sent if "max(catalog_revision.decided_at)" in statement]


@pytest.mark.parametrize("build_url", PAGES)
def test_a_page_loads_the_effective_catalog_once(staff, client, national, build_url):
    staff("office")
    with counted() as sent:
        client.get(build_url())
    assert len(heads(sent)) == 1, sent


def test_a_request_sees_the_catalog_that_it_has_just_approved(app, national):
    county = national.county
    with app.test_request_context(), open_session(Scope.own(county)) as session:
        from flask import g

        g.session = session
        assert effective_catalog(session, county) is effective_catalog(session, county)
        change = Refine(FIRST, "mode", "on_request", "proactive")
        made = submit_revision(session, OPERATOR, county, [change], reason="依法调整")
        approve_revision(session, OPERATOR, made.id)
        item = effective_catalog(session, county).catalog.items[FIRST]
        assert item.fields["mode"] == "on_request"


def test_outside_a_request_every_question_is_asked_anew(app, national):
    session = new_session(Scope.own(national.county))
    with counted() as sent:
        effective_catalog(session, national.county)
        effective_catalog(session, national.county)
    session.close()
    assert len(heads(sent)) == 2
