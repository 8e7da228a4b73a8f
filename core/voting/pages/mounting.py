"""Put the pages of votes at a feature's own addresses, with its permission and its words.

Views of votes stand in lists, for whoever is a staff member or a citizen; a feature's blueprints
get them all at once, each with the loaders that its address asks for.
"""

from collections.abc import Callable, Mapping
from functools import partial, update_wrapper
from inspect import signature
from typing import Any

from flask import Blueprint

from core.accounts.access import staff_page
from core.errors import NotFound
from core.voting.casting import get_remark
from core.voting.kinds import VoteKind, add_vote_kind
from core.voting.models import PaperRecord, PublicVote, VoteRemark, VoteSubject
from core.voting.pages import ballot, desk, paper, remarks, results
from core.voting.pages.lists import PageOfVotes
from core.voting.paper import get_record
from core.voting.votes import VoteState, find_subject, get_vote
from core.web.access import public_form, public_page
from core.web.context import Context

Loaders = Mapping[str, Callable[..., Any]]


def mount_votes(
    kind: VoteKind, public: Blueprint, public_address: str, staff: Blueprint, staff_address: str
) -> None:
    """Declare a kind of vote and add its pages, of citizens and of staff.

    `public_address` and `staff_address` are those of all votes (`/<code>/…/votes/`).
    """
    add_vote_kind(kind)
    loaders = _list_loaders(kind)
    for page in (*results.PAGES, *ballot.PAGES):
        access: Any = public_form if page.method == "POST" else public_page
        used = {"vote": _load_public(kind)} | _choose(loaders, page.rule)
        _add(public, f"{public_address}<int:vote_id>/{page.rule}", page, access(**used), kind)
    for page in (*desk.PAGES, *paper.PAGES, *remarks.PAGES):
        chosen: dict[str, Any] = _choose(loaders, page.rule)
        access = staff_page(kind.action, **chosen)
        _add(staff, staff_address + page.rule, page, access, kind)


def _list_loaders(kind: VoteKind) -> Loaders:
    def load_vote(ctx: Context, vote_id: int) -> PublicVote:
        return get_vote(ctx.session, ctx.tenant, kind, vote_id)

    def load_record(ctx: Context, vote: PublicVote, record_id: int) -> PaperRecord:
        del ctx
        return get_record(vote, record_id)

    def load_remark(ctx: Context, vote: PublicVote, remark_id: int) -> VoteRemark:
        return get_remark(ctx, vote, remark_id)

    def load_subject(ctx: Context, vote: PublicVote, subject_id: int) -> VoteSubject:
        del ctx
        return find_subject(vote, subject_id)

    return {"vote": load_vote, "record": load_record, "remark": load_remark,
            "subject": load_subject}  # fmt: skip


def _load_public(kind: VoteKind) -> Callable[..., PublicVote]:
    def load(ctx: Context, vote_id: int) -> PublicVote:
        """Load a vote that is no draft any more; raises `NotFound`."""
        vote = get_vote(ctx.session, ctx.tenant, kind, vote_id)
        if vote.state == VoteState.DRAFT:
            raise NotFound(where=str(vote_id))
        return vote

    return load


def _choose(loaders: Loaders, rule: str) -> dict[str, Callable[..., Any]]:
    return {name: load for name, load in loaders.items() if f":{name}_id>" in rule}


def _add(
    blueprint: Blueprint, rule: str, page: PageOfVotes, access: Callable[..., Any], kind: VoteKind
) -> None:
    view = page.view
    if "kind" in signature(view).parameters:
        view = update_wrapper(partial(view, kind=kind), view)
    blueprint.add_url_rule(rule, view.__name__, access(view), methods=[page.method])
