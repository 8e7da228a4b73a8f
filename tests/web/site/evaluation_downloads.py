"""What evaluations and public votes hand out, with all that it needs, for `Browser` to ask for."""

from core.clock import today
from core.db.scope import open_session
from core.permissions import OPERATOR
from core.sdk import Context, Scope
from core.storage.files import current_files
from core.testing.pages import url_for
from core.voting.models import PaperRecord
from plugins.supervisor_evaluation.campaigns.statements import ensure_statement
from plugins.supervisor_evaluation.models.campaign import EvaluationAssignment, EvaluationEvidence
from plugins.supervisor_evaluation.models.findings import EvaluationFinding, FindingFile
from plugins.supervisor_evaluation.models.register import EvaluationSupervisor
from plugins.supervisor_evaluation.register import REGISTER
from plugins.supervisor_evaluation.tests.results.scored import make_scored, publish
from tests.voting.votes import make_vote

NAME = "plugin_supervisor_evaluation"
DOCUMENT = {"name": "整改说明.txt", "media_type": "text/plain"}


def list_evaluation_downloads(tree):
    """Make a published campaign, a vote and a finding; list what to ask for at each endpoint."""
    county = tree.county
    with open_session(Scope.own(county)) as session:
        ctx = Context(session, county, OPERATOR)
        campaign = publish(session, county, make_scored(session, county, tree))
        vote = make_vote(session, county, kind="supervisor_evaluation.vote")
        digest = current_files().put(b"x")
        record = PaperRecord(
            tenant_id=county.id, vote_id=vote.id, channel="meeting", day=today(), place="会议中心",
            scan_digest=digest, scan_type="image/png",
        )  # fmt: skip
        finding = EvaluationFinding(
            tenant_id=county.id,
            origin_id=county.id,
            subject="民政局",
            text="缺",
            due_on=today(),
            source="campaign",
        )
        finding.files.append(FindingFile(tenant_id=county.id, digest=digest, **DOCUMENT))
        subject = campaign.subjects[0]
        statement = ensure_statement(ctx, subject)
        session.add_all([record, finding])
        session.flush()
        file = EvaluationEvidence(
            tenant_id=county.id, statement_id=statement.id, digest=digest, size=1, **DOCUMENT
        )
        session.add(file)
        work = session.query(EvaluationAssignment).filter_by(subject_id=subject.id).first()
        person = session.get(EvaluationSupervisor, work.supervisor_id)
        secret = REGISTER.make_link(ctx, person)
        session.flush()
        got = {
            "answers.file": (subject.id, file.id),
            "findings.file": (finding.id, finding.files[0].id),
            "register.certificate": (person.id,),
            "results.table": (campaign.id,),
            "scoring.file": (secret, work.id, file.id),
            "subjects.evidence": (campaign.id, subject.id, file.id),
            "vote_desk.ballots": (vote.id,),
            "vote_desk.poster": (vote.id,),
            "vote_desk.scan": (vote.id, record.id),
        }
        sent = {
            "register.letter": ("register.show", (person.id,), "letter/", {}),
            "staff_results.export": ("staff_results.show", (campaign.id,), "export/", {}),
            "vote_desk.tickets": ("vote_desk.show", (vote.id,), "tickets.pdf", {"count": "2"}),
        }
        session.commit()
    ways = {f"{NAME}_{name}": [(url_for(f"{NAME}_{name}", *parts),)] for name, parts in got.items()}
    for name, (page, parts, act, values) in sent.items():
        form = url_for(f"{NAME}_{page}", *parts)
        ways[f"{NAME}_{name}"] = [(f"{form}{act}", form, values)]
    return ways
