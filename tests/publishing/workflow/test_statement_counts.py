"""A publication is not read back while it is written: the number of statements is held."""

from datetime import date

from core.db.scope import Scope, open_session
from core.publishing.content import Content
from core.publishing.workflow.drafts import create_publication, save_content, submit
from core.tenancy.service import ensure_organ
from core.testing.factories.trees import VILLAGE
from core.testing.pages import url_for
from core.testing.queries import counted

TEXT = {
    "title": "第一季度村级财务公开",
    "body_source": "本季收入合计126450元。",
    "no_item_reason": "目录中没有对应事项",
    "genre": "村务公开",
    "formed_on": date(2026, 4, 10),
}
# The publication (inserted, then updated with its first revision), the revision, the audit log.
CREATE = 4
# The chain of places whose settings say which records it needs, the change of state, the audit log.
SUBMIT = 3
# Tenant, account, memberships, organs, versions of the catalog (whose template the item has), the
# same text sent before, the content with its domain; unsaved work is forgotten.
REQUEST = 8


def content_of(tree, **more):
    with open_session(Scope.own(tree.village)) as session:
        organ = ensure_organ(session, tree.village, tree.village.name, "committee")
        return Content(**TEXT, organ_id=organ.id, **more)


def test_a_new_publication_is_written_and_submitted_without_being_read(tree, people):
    content = content_of(tree)
    with counted() as sent, open_session(Scope.own(tree.village)) as session:
        publication = create_publication(session, people.clerk, tree.village, content)
        kept = save_content(session, people.clerk, publication, content, before=content)
        submit(session, people.clerk, publication, kept)
    assert kept == content
    assert len(sent) <= CREATE + SUBMIT, sent
    assert not [each for each in sent if each.startswith("SELECT") and "FROM tenant" not in each]


def test_a_form_reads_what_is_written_only_once(tree, people, sign_in):
    client = sign_in("clerk")
    content = content_of(tree)
    typed = {
        "title": content.title,
        "body": content.body_source,
        "no_item_reason": content.no_item_reason,
        "genre": content.genre,
        "formed_on": "2026-04-10",
        "organ_id": content.organ_id,
        "act": "submit",
    }
    client.get(url_for("console.home", place=VILLAGE))  # whatever is remembered between requests
    with counted() as sent:
        client.post(url_for("publishing_console.create", place=VILLAGE), typed)
    for table in ("publication_revision.snapshot", "attachment.id"):
        reads = [statement for statement in sent if statement.startswith(f"SELECT {table}")]
        assert len(reads) <= 1, sent
    assert len(sent) <= REQUEST + CREATE + SUBMIT, sent
