"""What of a vote is about persons, why it is kept, and until when."""

from datetime import datetime, timedelta

from flask_babel import lazy_gettext as _l
from sqlalchemy import ColumnElement
from sqlalchemy.orm import Session

from core.clock import local_day
from core.db.tree import Tenant
from core.retention.fields import DaysAfter, ErasureAction, PersonalField, add_personal_fields
from core.voting.models import PaperRecord, PublicVote, VoteRemark, VoteTicket, WebBallot

#: After the end of a vote nobody has to be kept from voting twice any more.
DIGEST_DAYS, REMARK_DAYS, RECORD_DAYS = 30, 365, 3650


def _is_remark_over(session: Session, tenant: Tenant, now: datetime) -> ColumnElement[bool]:
    """Build the condition for words that were not let through a year after they came."""
    del session, tenant
    limit = local_day(now - timedelta(days=REMARK_DAYS))
    return (VoteRemark.state != "shown") & (VoteRemark.sent_on <= limit)


def _after_vote(model: type[WebBallot] | type[VoteTicket]) -> DaysAfter:
    return DaysAfter(
        PublicVote.closes_at, DIGEST_DAYS, ((PublicVote, PublicVote.id == model.vote_id),)
    )


def declare_personal_data() -> None:
    """Declare digests of voters, remarks, and the names on records of paper."""
    once = _l("so that nobody votes twice")
    month = _l("30 days after the end of the vote; the voice stays, without anything of a voter")
    record_end = DaysAfter(PaperRecord.day, RECORD_DAYS)
    record = _l("to show who watched and who counted"), _l("10 years, as the record of the vote")

    add_personal_fields(
        "voting",
        PersonalField(
            WebBallot, "voter_digest", _l("Keyed digest of a device or ticket"), once, month,
            _after_vote(WebBallot),
        ),
        PersonalField(
            VoteTicket, "code_digest", _l("Keyed digest of a ticket"), once, month,
            _after_vote(VoteTicket), ErasureAction.DELETE,
        ),
        PersonalField(
            VoteRemark, "words", _l("Words beside a vote that were not let through"),
            _l("to be looked through before they are shown"), _l("one year"), _is_remark_over,
            ErasureAction.DELETE,
        ),
        PersonalField(
            PaperRecord, "scrutineers", _l("Names of 监票"), *record,
            record_end, on_request=False,
        ),
        PersonalField(
            PaperRecord, "tellers", _l("Names of 计票"), *record,
            record_end, on_request=False,
        ),
    )  # fmt: skip
