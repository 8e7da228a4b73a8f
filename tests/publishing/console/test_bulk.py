"""Acts on many publications at once: by the rules of one, refusals by row, none by halves."""

import pytest
from sqlalchemy import select

from core.db.scope import Scope, open_session
from core.publishing.batches import service
from core.publishing.batches.models import PublicationBatch
from core.publishing.jobs import run_batches
from core.publishing.labels import GROUND_LABELS
from core.publishing.models import Publication, PublicationRequest
from core.publishing.rules import CHECKS
from core.publishing.workflow.drafts import submit
from core.testing.factories.trees import COUNTY, TOWN, VILLAGE
from core.testing.pages import url_for

PHONE = "联系人张三，电话13912345678。"


@pytest.fixture
def drafts(village, make):
    """Two drafts that can be handed in, one with a telephone number, one without a date."""
    made = [
        make(village, title="低保对象名单"),
        make(village, title="救灾物资发放"),
        make(village, title="含电话", body_source=PHONE),
        make(village, title="缺日期", formed_on=None),
    ]
    village.commit()
    return made


def choose(client, place, act, rows=(), status=200, **more):
    """Choose rows of the list; the page that asks what the act needs."""
    data = {"bulk": act, "which": "ticked", "row": [row.id for row in rows]} | more
    return client.post(url_for("publishing_bulk.choose", place=place), data, status=status)


def fill(page, **typed):
    """What the form of the page sends, with what was typed."""
    hidden = page.select("//form[contains(@action, 'bulk/run')]//input[@type='hidden']")
    data = {"row": [one.get("value") for one in hidden if one.get("name") == "row"]}
    return (
        data
        | {one.get("name"): one.get("value") for one in hidden if one.get("name") == "act"}
        | typed
    )


def do(client, place, act, rows, **typed):
    page = choose(client, place, act, rows)
    answer = client.post(url_for("publishing_bulk.run", place=place), fill(page, **typed))
    return client.get(answer.location)


def states(tree):
    with open_session(Scope.own(tree.village)) as session:
        return dict(session.execute(select(Publication.title, Publication.state)).all())


@pytest.mark.both_databases
def test_each_is_handed_in_by_its_own_and_refusals_stand_at_their_rows(sign_in, tree, drafts):
    page = do(sign_in("clerk"), VILLAGE, "submit", drafts)
    rows = [row.text_content() for row in page.select("//li[@class='row']")]
    assert ["未完成" in row for row in rows] == [True, True, False, False]
    assert "个人电话" in rows[0]
    assert "成文日期" in rows[1]
    assert states(tree) == {
        "低保对象名单": "in_review",
        "救灾物资发放": "in_review",
        "含电话": "draft",
        "缺日期": "draft",
    }


def test_what_was_changed_since_it_was_chosen_is_refused(sign_in, tree, drafts):
    client = sign_in("clerk")
    page = choose(client, VILLAGE, "discard", drafts[:2])
    with open_session(Scope.own(tree.village)) as session:
        session.get_one(Publication, drafts[0].id).theme = "民政"
    data = fill(page, confirm="1")
    answer = client.post(url_for("publishing_bulk.run", place=VILLAGE), data)
    assert "他人已修改" in client.get(answer.location).text
    assert set(states(tree)) == {"低保对象名单", "含电话", "缺日期"}


def test_deleting_and_withdrawing_ask_first(sign_in, tree, drafts, make_public, village):
    public = make_public(village, title="已公开")
    village.commit()
    client = sign_in("clerk")
    for act, typed in (
        ("discard", {}),
        ("withdraw", {"confirm": "1"}),
        ("withdraw", {"reason": "错"}),
    ):
        page = choose(client, VILLAGE, act, [drafts[0], public])
        url = url_for("publishing_bulk.run", place=VILLAGE)
        assert client.post(url, fill(page, **typed), status=422).select(
            "//p[@class='field__error']"
        )
    assert len(states(tree)) == 5
    page = do(client, VILLAGE, "withdraw", [drafts[0], public], reason="重复", confirm="1")
    assert "1 条已完成" in page.text
    with open_session(Scope.own(tree.village)) as session:
        [request] = session.scalars(select(PublicationRequest)).all()
        assert (request.publication_id, request.reason) == (public.id, "重复")


def test_item_organ_and_genre_of_drafts_are_changed(sign_in, tree, drafts, make_public, village):
    public = make_public(village, title="已公开")
    village.commit()
    page = do(sign_in("clerk"), VILLAGE, "change", [*drafts[:2], public], genre="公示")
    assert "2 条已完成" in page.text
    with open_session(Scope.own(tree.village)) as session:
        rows = session.execute(select(Publication.title, Publication.genre)).all()
        assert {title for title, genre in rows if genre == "公示"} == {
            "低保对象名单",
            "救灾物资发放",
        }
    page = choose(sign_in("clerk"), VILLAGE, "change", drafts[:1])
    url = url_for("publishing_bulk.run", place=VILLAGE)
    wrong = sign_in("clerk").post(url, fill(page, item="没有这一项"), status=422)
    assert wrong.select("//input[@name='item' and @aria-invalid and @value='没有这一项']")


def test_a_reviewer_passes_what_waits_in_the_villages(sign_in, tree, drafts, people, village):
    for draft in drafts[:2]:
        submit(village, people.clerk, village.merge(draft))
    village.commit()
    client = sign_in("reviewer")
    page = choose(client, TOWN, "pass", drafts[:3])
    url = url_for("publishing_bulk.run", place=TOWN)
    client.post(url, fill(page, checks=["law"]), status=422)
    answer = client.post(url, fill(page, checks=list(CHECKS)))
    assert "2 条已完成" in client.get(answer.location).text
    assert list(states(tree).values()).count("published") == 2


def test_nobody_does_in_bulk_what_they_may_not_do_one_by_one(sign_in, tree, drafts):
    page = do(sign_in("officer"), COUNTY, "submit", drafts[:2])
    assert page.text.count("您没有在") == 2
    choose(sign_in("stranger"), VILLAGE, "submit", drafts, status=403)
    assert set(states(tree).values()) == {"draft"}


def test_all_that_match_are_chosen_over_all_pages(sign_in, drafts, monkeypatch):
    client = sign_in("clerk")
    url = url_for("publishing_bulk.choose", place=VILLAGE, q="名单")
    page = client.post(url, {"bulk": "submit", "which": "every"}, status=200)
    assert len(fill(page)["row"]) == 1
    monkeypatch.setattr("core.publishing.console.managing.bulk.MOST_ROWS", 3)
    url = url_for("publishing_bulk.choose", place=VILLAGE)
    client.post(url, {"bulk": "submit", "which": "every"}, status=422)
    client.post(url, {"bulk": "submit", "which": "ticked"}, status=422)
    client.post(url, {"which": "every"}, status=422)
    client.post(url, {"bulk": "submit", "row": ["x", "9" * 40]}, status=422)


def test_the_chosen_ones_are_exported(sign_in, drafts):
    url = url_for("publishing_bulk.choose", place=VILLAGE, format="csv")
    data = {"bulk": "export", "which": "ticked", "row": [drafts[1].id]}
    text = sign_in("clerk").post(url, data, status=200).data.decode("utf-8-sig")
    assert "救灾物资发放" in text
    assert "低保对象名单" not in text


@pytest.mark.both_databases
def test_many_are_done_in_the_background_and_a_stop_in_the_middle_loses_nothing(
    sign_in, tree, drafts, monkeypatch
):
    monkeypatch.setattr(service, "AT_ONCE", 1)
    client = sign_in("clerk")
    page = choose(client, VILLAGE, "submit", drafts)
    answer = client.post(url_for("publishing_bulk.run", place=VILLAGE), fill(page))
    assert client.get(answer.location).select("//meta[@http-equiv='refresh']")
    taken = iter(range(2))

    def stop(*arguments):
        if next(taken, None) is None:
            raise RuntimeError("stopped")
        return take(*arguments)

    take = service._take
    monkeypatch.setattr(service, "_take", stop)
    monkeypatch.setattr("core.db.turns.FIRST_SIZE", 1)
    run_batches()
    assert "中途停下" in client.get(answer.location).text
    monkeypatch.setattr(service, "_take", take)
    client.post(answer.location + "resume/")
    run_batches()
    page = client.get(answer.location)
    assert "2 条已完成" in page.text
    assert list(states(tree).values()).count("in_review") == 2
    sign_in("reviewer").get(answer.location, status=404, allowed={403})


def test_a_batch_is_counted_once_however_often_the_job_runs(sign_in, tree, drafts):
    do(sign_in("clerk"), VILLAGE, "submit", drafts[:1])
    run_batches()
    with open_session(Scope.own(tree.village)) as session:
        [batch] = session.scalars(select(PublicationBatch)).all()
        assert batch.finished_at


def test_the_ground_of_one_withdrawal_is_chosen_by_its_name(sign_in, make_public, village):
    public = make_public(village, title="已公开")
    village.commit()
    page = sign_in("clerk").get(url_for("publishing_acts.withdraw", public.id, place=VILLAGE))
    offered = [radio.get("value") for radio in page.select("//input[@name='ground']")]
    assert offered == list(GROUND_LABELS)
    assert all(label.text_content().strip() for label in page.select("//label"))
