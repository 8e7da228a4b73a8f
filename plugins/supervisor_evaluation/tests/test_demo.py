"""The demonstration's campaigns: one whose results are published, one that is being scored."""

from sqlalchemy import select

from core.sdk import Organ, Scope, open_session
from core.testing.kit import PublicVote
from core.testing.pages import url_for
from core.testing.queries import counted
from plugins.supervisor_evaluation import demo
from plugins.supervisor_evaluation.models.campaign import EvaluationCampaign
from plugins.supervisor_evaluation.models.register import EvaluationSupervisor


def test_the_county_has_a_finished_campaign_and_one_that_runs(county, client, monkeypatch):
    with open_session(Scope.own(county)) as session:
        names = ("县水务局", "县民政局", "县教育局", "县司法局")
        session.add_all(Organ(tenant_id=county.id, name=name) for name in names)
    monkeypatch.setattr(demo, "COUNTY", county.division_code)
    with open_session(Scope.own(county)) as session, counted() as sent:
        demo.load(session, county)
    assert len(sent) < 250
    with open_session(Scope.own(county)) as session:
        demo.load(session, county)
        campaigns = session.scalars(select(EvaluationCampaign).order_by(EvaluationCampaign.id))
        finished, running = campaigns.all()
        assert (finished.state, running.state) == ("published", "scoring")
        assert finished.results["public"]
        assert len(session.scalars(select(EvaluationSupervisor)).all()) == 15
    page = client.get(url_for("plugin_supervisor_evaluation_results.show", finished.id))
    assert "县水务局" in page.text
    with open_session(Scope.own(county)) as session:
        votes = session.scalars(select(PublicVote).order_by(PublicVote.id)).all()
        assert [vote.state for vote in votes] == ["published", "open"]
    result = client.get(url_for("plugin_supervisor_evaluation_votes.show", votes[0].id))
    assert result.select("//figure")
    assert "低保名单公示的时间太短" in result.text
    client.get(url_for("plugin_supervisor_evaluation_votes.choose", votes[1].id), status=200)
    desks = [demo.LINK.format(number + 1) for number in range(demo.DESKS)]
    shown = [client.get(url_for("plugin_supervisor_evaluation_desk.show", d)).text for d in desks]
    assert any("待评分" in text for text in shown)
