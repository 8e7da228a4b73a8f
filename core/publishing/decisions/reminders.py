"""Tell the office of results that are due in three working days, or late: each once."""

from flask_babel import lazy_gettext as _l
from sqlalchemy import select
from sqlalchemy.orm import Session

from core.calendar.service import add_working_days, is_working_day
from core.clock import today
from core.db.scope import Scope, open_session
from core.db.transactions import for_each_in_own_transaction
from core.db.tree import Tenant
from core.jobs.queue import Jobs, Schedule
from core.messages.reminders import list_contacts
from core.notifications.outbox import queue_notice
from core.notifications.templates import add_notice_template
from core.publishing.decisions.domain.pairs import PairState
from core.publishing.decisions.models import PublicationDecision
from core.publishing.decisions.queries import DecisionPair, load_decision_pairs

#: Working days before the term on which the office is told.
AHEAD = 3
#: 08:00 in China.
MORNING = Schedule(minute="0", hour="0")
_DUE, _LATE = "decisions.due", "decisions.late"
add_notice_template(_DUE, _l("%(place)s: the result of “%(title)s” is to be published by %(due)s."))
add_notice_template(
    _LATE, _l("%(place)s: the result of “%(title)s” is late: it was due on %(due)s.")
)


def define_decision_jobs(jobs: Jobs) -> None:
    """Have the office reminded on the morning of each working day."""
    jobs.define("decisions_remind", remind_of_results, MORNING)


def remind_of_results() -> None:
    """Queue the reminders of today; nothing on days off."""
    if not is_working_day(today()):
        return
    until = add_working_days(today(), AHEAD).end
    with open_session(Scope.platform("results of decisions that are due")) as session:
        due = PublicationDecision.due_on <= until
        query = select(PublicationDecision.tenant_id).where(due)
        ids = session.scalars(query.distinct()).all()
        places = list(session.scalars(select(Tenant).where(Tenant.id.in_(ids))))

    def remind(session: Session, place: Tenant) -> None:
        for pair in load_decision_pairs(session, [place]):
            if pair.state is not PairState.DONE and pair.due_on <= until:
                _tell(session, place, pair)

    for_each_in_own_transaction(Scope.own, places, remind)


def _tell(session: Session, place: Tenant, pair: DecisionPair) -> None:
    topic = _LATE if pair.state is PairState.LATE else _DUE
    facts = {"place": place.name, "title": pair.title, "due": str(pair.due_on)}
    for phone in list_contacts(session, place, pair.organ_id):
        queue_notice(
            session,
            place,
            topic,
            phone,
            facts,
            subject=f"decisions.pair:{pair.decision_id}",
            dedupe_key=f"{topic}:{pair.decision_id}:{phone}:{pair.due_on}",
        )
