"""Staff's page of what people wrote beside a vote: let through, or kept off the public page."""

from typing import Any

from flask import flash
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response

from core.voting import casting
from core.voting.kinds import VoteKind
from core.voting.models import REMARK_STATES, PublicVote, VoteRemark
from core.voting.pages.lists import PageList, render, to
from core.web import params
from core.web.context import Context
from core.web.forms import fields
from core.web.forms.feature_pages import blank_form
from core.web.forms.form import Form, FormData
from core.web.forms.kept import require_version

REMARKS = "<int:vote_id>/remarks/"
PAGES = PageList()


class RemarkDecisionForm(Form):
    """Whether words are let through."""

    act = fields.ChoiceField(("show", "refuse"))


class PaperRemarkForm(Form):
    """Words that stood on a paper ballot."""

    subject = fields.ChoiceField(required=_l("Choose one of the list."))
    words = fields.TextField(casting.LONGEST_REMARK, required=_l("Enter the words."))


@PAGES.get(REMARKS)
def remarks(ctx: Context, vote: PublicVote, kind: VoteKind) -> str:
    """List what waits, or what was decided (`?state=`)."""
    return _page(ctx, kind, vote, blank_form(PaperRemarkForm.show({})))


def _page(ctx: Context, kind: VoteKind, vote: PublicVote, form: FormData) -> str:
    state = params.word("state", REMARK_STATES, "waiting")
    found = casting.list_remarks(ctx, vote, state)
    names = {subject.id: subject.name for subject in vote.subjects}
    return render(kind, "console/remarks", form, vote=vote, state=state, remarks=found, names=names)


@PAGES.post(REMARKS)
def add_remark(ctx: Context, vote: PublicVote, kind: VoteKind) -> Any:
    """Enter words from a paper ballot."""
    subjects = {subject.id: subject for subject in vote.subjects}
    form = PaperRemarkForm.read(choices={"subject": list(subjects)})
    if not form.ok:
        return _page(ctx, kind, vote, form), 422
    casting.add_remark(ctx, vote, subjects[form.values["subject"]], form.values["words"])
    flash(_("Saved."), "success")
    return to("remarks", vote_id=vote.id)


@PAGES.post(f"{REMARKS}<int:remark_id>/")
def decide_remark(ctx: Context, vote: PublicVote, remark: VoteRemark) -> Response:
    """Let words through to the public page, or not."""
    require_version(remark.state)
    act = RemarkDecisionForm.read().values["act"]
    casting.decide_remark(ctx, vote, remark, shown=act == "show")
    flash(_("Done."), "success")
    return to("remarks", vote_id=vote.id)
