"""Kinds of messages that features take: what they are about, who answers, and by when.

A feature declares its kind where its module is imported; the form, the clock, the reply and its
review are the same for all.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TypeAlias

from flask_babel import LazyString
from sqlalchemy.orm import Session

from core.db.scope import Scope, open_session
from core.db.tree import Tenant
from core.errors import NotFound
from core.messages.domain.life import DEFAULT_TERM
from core.messages.models import MessageCase
from core.plugins.activation.enabled import is_topic_on

Label: TypeAlias = str | LazyString


@dataclass(frozen=True, slots=True)
class MessageSubject:
    """What a message is about: its title, its page, and the organ that answers for it.

    At `edit_url` staff put right what a correction says. `notes` stand above the form. `closed`
    says why nothing is taken (any more), and where else to turn; `term` counts working days where
    the subject has a term of its own; `rows` says how many rows of it can be named by number.
    """

    title: str
    url: str
    organ_id: int | None = None
    edit_url: str = ""
    notes: Sequence[Label] = ()
    closed: Sequence[Label] = ()
    term: int | None = None
    rows: int = 0


#: Finds the subject of a key at a place, `None` where there is none (any more).
SubjectFinder = Callable[[Session, Tenant, str], MessageSubject | None]


@dataclass(frozen=True, slots=True)
class MessageKind:
    """One kind of message: `key` is `feature.subject`; the term counts working days.

    `prompt` asks for the text in the form, `hint` stands below. `phone_required` where nobody can
    be answered otherwise. `aspects` are what one can choose in place of writing (电话, 地址).
    With `thanks` it is a correction: whoever puts it right closes it, and its sender reads these
    words; other replies are reviewed as ever. What is not `publishable` is nobody else's affair.
    With `outcomes` each reply says how the matter was decided.
    """

    key: str
    label: Label
    prompt: Label
    find: SubjectFinder
    hint: Label = ""
    term: int = DEFAULT_TERM
    phone_required: bool = False
    aspects: tuple[Label, ...] = ()
    thanks: Label = ""
    publishable: bool = True
    outcomes: Mapping[str, Label] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class MessageTopic:
    """A kind of message and the one subject, by its key, that a message of it is about."""

    kind: MessageKind
    key: str
    about: MessageSubject


_kinds: dict[str, MessageKind] = {}


def add_message_kind(kind: MessageKind) -> None:
    """Make a kind of message known; raises `ValueError` if its key is no `feature.subject`."""
    if not all(kind.key.partition(".")):
        raise ValueError(f"the key of a kind of message is feature.subject, not {kind.key!r}")
    _kinds[kind.key] = kind


def find_message_kind(key: str) -> MessageKind | None:
    """Return a kind by its key; `None` once its feature is gone."""
    return _kinds.get(key)


def list_message_kinds(tenant: Tenant) -> list[MessageKind]:
    """List the kinds whose feature is on at a place."""
    return [kind for key, kind in _kinds.items() if is_topic_on(key, tenant)]


def find_subject(session: Session, tenant: Tenant, kind: str, key: str) -> MessageSubject | None:
    """Return what a message is about; `None` once it, or its feature, is gone."""
    found = _kinds.get(kind)
    if found is None or not is_topic_on(kind, tenant):
        return None
    return found.find(session, tenant, key)


def find_case_subject(session: Session, tenant: Tenant, case: MessageCase) -> MessageSubject | None:
    """Return what a message is about, also where it came from another place with its subject.

    Only a subject of the place itself, or of one below it, can be put right here.
    """
    if case.subject_tenant_id in (None, tenant.id):
        return find_subject(session, tenant, case.kind, case.key)
    place = session.get_one(Tenant, case.subject_tenant_id)
    with open_session(Scope.public(place)) as there:
        about = find_subject(there, place, case.kind, case.key)
    if about is None or tenant.id in place.chain:
        return about
    return replace(about, organ_id=None, edit_url="")


def find_term(session: Session, tenant: Tenant, case: MessageCase) -> int:
    """Return the term of a message in working days: of its subject, else of its kind."""
    about = find_case_subject(session, tenant, case)
    if about is not None and about.term is not None:
        return about.term
    kind = find_message_kind(case.kind)
    return kind.term if kind else DEFAULT_TERM


def get_topic(session: Session, tenant: Tenant, kind: str, key: str) -> MessageTopic:
    """Return what a message would be about; raises `NotFound`, also where its feature is off."""
    found = _kinds.get(kind)
    if found is None or not is_topic_on(kind, tenant):
        raise NotFound
    about = found.find(session, tenant, key)
    if about is None:
        raise NotFound
    return MessageTopic(found, key, about)
