"""The staff page of what people wrote beside a vote: let through, or kept off the public page."""

from typing import Any

from flask import flash
from werkzeug.wrappers import Response

from core import sdk
from core.sdk import Context, Form, FormData, PluginBlueprint, fields

from ..i18n import _, _l
from ..manifest import MANIFEST, NAME
from ..models.voting import REMARK_STATES, SocialVote, VoteRemark
from ..voting import casting
from .pages import blank, render, to
from .votes import VOTE, load_vote, vote_page

REMARKS = f"{VOTE}remarks/"
LONGEST_REMARK = 500

blueprint = PluginBlueprint(MANIFEST, __name__, part="remarks")


def load_remark(ctx: Context, vote: SocialVote, remark_id: int) -> VoteRemark:
    """Load the remark of the address; raises `NotFound`."""
    remark = ctx.session.get(VoteRemark, remark_id)
    if remark is None or remark.vote_id != vote.id:
        raise sdk.NotFound(where=str(remark_id))
    return remark


class RemarkDecisionForm(Form):
    """Whether words are let through."""

    act = fields.ChoiceField(("show", "refuse"))


class PaperRemarkForm(Form):
    """Words that stood on a paper ballot."""

    subject = fields.ChoiceField(required=_l("Choose one of the list."))
    words = fields.TextField(LONGEST_REMARK, required=_l("Enter the words."))


@blueprint.get(REMARKS)
@vote_page
def index(ctx: Context, vote: SocialVote) -> str:
    """List what waits, or what was decided (`?state=`)."""
    return _page(ctx, vote, blank(PaperRemarkForm.show({})))


def _page(ctx: Context, vote: SocialVote, form: FormData) -> str:
    state = sdk.params.word("state", REMARK_STATES, "waiting")
    return render(
        "votes/remarks",
        form,
        vote=vote,
        state=state,
        remarks=casting.list_remarks(ctx, vote, state),
        names={subject.id: subject.name for subject in vote.subjects},
    )


@blueprint.post(REMARKS)
@vote_page
def add(ctx: Context, vote: SocialVote) -> Any:
    """Enter words from a paper ballot."""
    subjects = {subject.id: subject for subject in vote.subjects}
    form = PaperRemarkForm.read(choices={"subject": list(subjects)})
    if not form.ok:
        return _page(ctx, vote, form), 422
    casting.add_remark(ctx, vote, subjects[form.values["subject"]], form.values["words"])
    flash(_("Saved."), "success")
    return to("remarks.index", vote_id=vote.id)


@blueprint.post(f"{REMARKS}<int:remark_id>/")
@sdk.staff_page(f"{NAME}.manage", vote=load_vote, remark=load_remark)
def decide(ctx: Context, vote: SocialVote, remark: VoteRemark) -> Response:
    """Let words through to the public page, or not."""
    sdk.require_version(remark.state)
    casting.decide_remark(ctx, remark, shown=RemarkDecisionForm.read().values["act"] == "show")
    flash(_("Done."), "success")
    return to("remarks.index", vote_id=vote.id)
