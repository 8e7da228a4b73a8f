"""What a publication refers to exists and is its own, when it is saved and when published."""

from dataclasses import replace

import pytest
from sqlalchemy import select

from core.errors import Invalid
from core.publishing.content import Content, FileRef
from core.publishing.models import Attachment, Interpretation, Publication
from core.publishing.public.joined_texts import load_joined_texts
from core.publishing.workflow.drafts import get_working_content, save_content, submit
from core.publishing.workflow.publish import set_interpretations
from core.publishing.workflow.review import pass_review
from core.tenancy.service import ensure_organ
from core.testing.factories.publishing import publish_at, withdraw
from core.testing.factories.trees import VILLAGE
from core.testing.pages import url_for

pytestmark = pytest.mark.both_databases


@pytest.fixture
def policy(platform, tree):
    """A document of the county, and one of the village."""
    titled = {"title": "实施办法", "body_source": "第一条。", "genre": "政策文件"}
    made = [publish_at(platform, place, Content(**titled)) for place in (tree.county, tree.village)]
    platform.commit()
    return [publication.id for publication in made]


@pytest.mark.parametrize("wanted", ["the county's", "none at all", "a draft", "itself"])
def test_a_text_explains_published_documents_of_its_own_place(
    village, make, people, policy, wanted
):
    text = make(village)
    draft = make(village, title="还没公开")
    number = {
        "the county's": policy[0], "none at all": 10**6, "a draft": draft.id, "itself": text.id,
    }[wanted]  # fmt: skip
    content = replace(get_working_content(village, text), interprets=(number,))
    with pytest.raises(Invalid) as caught:
        save_content(village, people.clerk, text, content)
    assert set(caught.value.fields) == {"interprets"}
    assert get_working_content(village, text).interprets == ()
    content = replace(content, interprets=(policy[1],))
    assert save_content(village, people.clerk, text, content).interprets == (policy[1],)


def test_a_bureau_explains_its_own_and_the_governments(platform, tree, people, make):
    def organ(name, kind="department"):
        return ensure_organ(platform, tree.county, name, kind).id

    civil, schools, government = (
        organ("甲县民政局"), organ("甲县教育局"), organ("甲县人民政府", "government"),
    )  # fmt: skip
    document = Content(title="办法", body_source="一")
    documents = {
        owner: publish_at(platform, tree.county, replace(document, organ_id=owner))
        for owner in (civil, schools, government)
    }
    text = make(platform, tree.county, people.liaison, organ_id=civil)
    for owner, fine in ((civil, True), (government, True), (schools, False)):
        explained = (documents[owner].id,)
        content = replace(get_working_content(platform, text), interprets=explained)
        if fine:
            save_content(platform, people.liaison, text, content)
        else:
            with pytest.raises(Invalid):
                save_content(platform, people.liaison, text, content)


def test_a_file_of_another_publication_is_refused(village, make, people):
    other, text = make(village), make(village)
    file = Attachment(
        tenant_id=other.tenant_id, publication_id=other.id, sha256="0" * 64,
        media_type="text/plain", size=1, filename="名单.txt",
    )  # fmt: skip
    village.add(file)
    village.flush()
    content = replace(get_working_content(village, text), files=(FileRef(file.id),))
    with pytest.raises(Invalid) as caught:
        save_content(village, people.clerk, text, content)
    assert set(caught.value.fields) == {"files"}


def test_what_is_gone_when_it_is_passed_is_said_at_its_field(
    village, make, people, policy, checked
):
    text = make(village)
    content = replace(get_working_content(village, text), interprets=(policy[1],))
    submit(village, people.clerk, text, save_content(village, people.clerk, text, content))
    withdraw(village, people.clerk, village.get_one(Publication, policy[1]), "误发")
    with pytest.raises(Invalid) as caught:
        pass_review(village, people.reviewer, text, checked)
    assert set(caught.value.fields) == {"interprets"}


def test_the_form_says_it_and_keeps_what_was_typed(sign_in, policy, platform, tree):
    client = sign_in("clerk")
    typed = {"title": "解读", "no_item_reason": "无", "formed_on": "2026-03-22"}
    for number in (str(policy[0]), "999999999"):
        page = client.post(
            url_for("publishing_console.create", place=VILLAGE),
            typed | {"body": number, "interprets": number, "act": "submit"},
            status=422,
        )
        assert page.select("//textarea[@name='body']/text()")[0].strip() == number
    assert platform.scalars(select(Interpretation)).all() == []


def test_what_was_stored_before_is_not_shown_at_a_foreign_document(platform, tree, policy):
    text = publish_at(platform, tree.village, Content(title="村里的说法", body_source="一"))
    set_interpretations(platform, text, tuple(policy))
    platform.flush()
    assert load_joined_texts(platform, policy[0]).interpretations == []
    assert [entry.title for entry in load_joined_texts(platform, policy[1]).interpretations] == [
        "村里的说法"
    ]
