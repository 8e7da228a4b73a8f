"""Those who run campaigns in a test: each step in a transaction of its own."""

from dataclasses import dataclass, field
from datetime import timedelta

from core.sdk import OPERATOR, Context, Scope, open_session, today
from plugins.supervisor_evaluation.campaigns import lifecycle
from plugins.supervisor_evaluation.campaigns.assigning import list_assignments
from plugins.supervisor_evaluation.campaigns.lifecycle import set_subjects
from plugins.supervisor_evaluation.campaigns.scoring import GivenScore, submit_scores
from plugins.supervisor_evaluation.indicators import list_scored
from plugins.supervisor_evaluation.models.campaign import EvaluationCampaign

NAMES = ("王秀英", "李建国", "马文涛", "赵淑芬", "田振华", "罗桂兰", "杨成林", "周玉梅")


@dataclass
class Office:
    """Those who run campaigns at a place, with what they do; each step in its own transaction."""

    tenant: object
    organs: dict[str, int] = field(default_factory=dict)
    people: list[int] = field(default_factory=list)

    def run(self, act, *arguments, scope=None, actor=OPERATOR, **values):
        """Do something in a session of its own, as the operator unless somebody is named."""
        scope = scope or Scope.subtree(self.tenant, "test")
        with open_session(scope) as session:
            return act(Context(session, self.tenant, actor), *arguments, **values)

    def make_draft(self, *, townships=(), per_subject=3, minimum=3, **values):
        """Make a draft with all departments, and these townships; return its id."""
        return self.run(self._draft, townships, per_subject, minimum, values)

    def _draft(self, ctx, townships, per_subject, minimum, values):
        dates = dict(lifecycle.propose_dates(today()).in_order())
        del dates["verify_until"]
        plain = {"title": f"{today().year}年政务公开评议", "year": today().year}
        numbers = {"scores_per_subject": per_subject, "minimum": minimum}
        campaign = lifecycle.create_campaign(ctx, dates | plain | numbers | values)
        set_subjects(ctx, campaign, self.organs.values(), [place.id for place in townships])
        return campaign.id

    def change(self, number, act, *arguments, **values):
        """Do something with a campaign."""

        def do(ctx):
            return act(ctx, ctx.session.get(EvaluationCampaign, number), *arguments, **values)

        return self.run(do)

    def start(self, number):
        self.change(number, lifecycle.start_campaign)

    def open_scoring(self, number, set_clock):
        """Let the self-assessment pass, and begin scoring."""
        self.start(number)
        self.pass_phase(number, set_clock)

    def pass_phase(self, number, set_clock):
        """Go to the day after the last of the present phase; do what is done at night."""
        last_day = self.change(number, self._last_day)
        set_clock(last_day + timedelta(days=1))
        self.run(lambda ctx: lifecycle.make_due_moves(ctx.session, ctx.tenant))

    def _last_day(self, ctx, campaign):
        del ctx
        return lifecycle.end_of_phase(campaign.state, campaign.dates)

    def score_all(self, number, points=6, reason="栏目里缺少去年的决算"):
        """Hand in the scores of everybody, all alike."""
        self.change(number, self._score_all, points, reason)

    def _score_all(self, ctx, campaign, points, reason):
        for row in list_assignments(ctx.session, campaign):
            if row.state == "assigned":
                indicators = list_scored(campaign, row.subject.group)
                given = [GivenScore(each, points, reason, [], []) for each in indicators]
                submit_scores(ctx, row, given, (), {"text": "", "visited_on": None})
