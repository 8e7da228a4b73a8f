"""Findings in the editor's form: shown at their fields, masked, removed or kept with one press."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _

from core.publishing.content import Content, without_files
from core.publishing.guard.decisions import LONGEST_REASON, check_reason, keep_finding
from core.publishing.guard.files import UNREAD
from core.publishing.guard.labels import describe_finding
from core.publishing.guard.masked_files import MaskedCopy, build_masked_copy, put_in_place
from core.publishing.guard.models import PublicationFinding
from core.publishing.guard.scanning import TEXTS, find_groups, mask_group, remove_column
from core.publishing.guard.service import (
    Handled,
    list_findings,
    search_content,
    to_row,
    to_rows,
)
from core.publishing.guard.settings.rules import load_rules
from core.publishing.models import Attachment, Publication
from core.web.context import Context
from core.web.forms.fields import KeyedField, LineField
from core.web.forms.form import Form

MASK, REMOVE, KEEP = "mask", "remove", "keep"


class FindingForm(Form):
    """The button that was pressed at a finding, and the reasons typed at all of them."""

    finding_act = LineField(40)
    finding_reason = KeyedField(LONGEST_REASON)


@dataclass(frozen=True, slots=True)
class FindingAct:
    """What is to be done about the findings with a key."""

    verb: str
    key: str
    reason: str = ""


def read_finding_act() -> FindingAct | None:
    """Read which button at a finding was pressed; `None` for any other button."""
    values = FindingForm.read().values
    verb, _blank, key = values["finding_act"].partition(" ")
    if verb not in {MASK, REMOVE, KEEP}:
        return None
    return FindingAct(verb, key, values["finding_reason"].get(key, ""))


def change_texts(
    ctx: Context, act: FindingAct, content: Content, typed: dict[str, Any]
) -> tuple[Content, Handled | None]:
    """Mask or remove findings in texts and list, and in what was typed of them.

    Returns what is to be recorded; nothing changes where the text holds them no more.
    """
    if act.verb == KEEP:
        return content, None
    for group in find_groups(content, load_rules(ctx.session, ctx.tenant, content.item_id)):
        if group.key == act.key:
            is_removed = act.verb == REMOVE and group.is_column
            content = remove_column(content, group) if is_removed else mask_group(content, group)
            typed |= {field: getattr(content, name) for field, name in TEXTS.items()}
            handling = "removed" if is_removed else "masked"
            return content, Handled(ctx.actor, to_row(ctx.tenant, group), handling)
    return content, None


def mask_sent_file(ctx: Context, act: FindingAct | None, content: Content) -> MaskedCopy | None:
    """Build the masked copy of a file, if that was pressed; raises `Invalid` at `files`."""
    finding = _find_in_file(ctx, act, content) if act and act.verb == MASK else None
    if finding is None:
        return None
    attachment = ctx.session.get_one(Attachment, finding.file_id)
    return build_masked_copy(ctx.session, attachment, ctx.tenant, content.item_id)


def change_file(
    ctx: Context,
    publication: Publication,
    act: FindingAct | None,
    content: Content,
    copy: MaskedCopy | None,
) -> tuple[Content, Handled | None]:
    """Take a file with findings off the content, or put its masked copy in its place.

    Returns what is recorded; nothing changes where neither was pressed.
    """
    if act is None or act.verb == KEEP or not content.files:
        return content, None
    finding = _find_in_file(ctx, act, content)
    if finding is None:
        return content, None
    if act.verb == REMOVE:
        content = without_files(content, {finding.file_id})
        return content, Handled(ctx.actor, finding, "removed")
    if copy is None or copy.file_id != finding.file_id:
        return content, None
    content = put_in_place(ctx.session, publication, content, copy)
    return content, Handled(ctx.actor, finding, "masked")


def _find_in_file(ctx: Context, act: FindingAct, content: Content) -> PublicationFinding | None:
    found = to_rows(ctx.tenant, search_content(ctx.session, ctx.tenant, content))
    return next((one for one in found if one.key == act.key and one.field == "files"), None)


def keep_found(ctx: Context, act: FindingAct | None, publication: Publication) -> None:
    """Keep what was found, if that was pressed; raises `Invalid` where no reason was typed."""
    if act is None or act.verb != KEEP:
        return
    for finding in list_findings(ctx.session, publication):
        if finding.key == act.key:
            field = f"finding_reason-{act.key}"
            reason = check_reason(act.reason, field)
            keep_finding(ctx.session, ctx.actor, publication, finding, reason)


@dataclass(frozen=True, slots=True)
class ShownFinding:
    """A finding at its field, with what can be done about it."""

    key: str
    text: str
    sample: str
    count: int
    reason: str
    is_kept: bool
    may_mask: bool
    is_file: bool
    may_remove: bool


def show_by_field(findings: Iterable[PublicationFinding]) -> dict[str, list[ShownFinding]]:
    """Return findings for the form, by the field at which they are said."""
    shown: dict[str, list[ShownFinding]] = {}
    for finding in findings:
        shown.setdefault(finding.field, []).append(_show(finding))
    return shown


def _show(finding: PublicationFinding) -> ShownFinding:
    is_file = finding.field == "files"
    return ShownFinding(
        key=finding.key,
        text=describe_finding(finding),
        sample=finding.sample,
        count=finding.count,
        reason=finding.reason,
        is_kept=finding.handling == "kept",
        may_mask=not is_file or finding.kind != UNREAD,
        is_file=is_file,
        may_remove=is_file or finding.place not in {"", "caption"},
    )


def find_shown(
    ctx: Context, publication: Publication | None, content: Content, *, stored: bool
) -> dict[str, list[ShownFinding]]:
    """Find what the form says at its fields: of what is stored, or of what was only typed."""
    if publication is not None and stored:
        return show_by_field(list_findings(ctx.session, publication))
    return show_by_field(to_rows(ctx.tenant, search_content(ctx.session, ctx.tenant, content)))


def describe_act(act: FindingAct, handled: Handled | None) -> str:
    """Say what was just done, above the form."""
    if act.verb == KEEP:
        return str(_("Kept, with your reason; a second person has to confirm it."))
    if handled is None:
        return str(_("There is nothing like that in the text any more."))
    what = describe_finding(handled.finding)
    if handled.handling == "removed":
        return str(_("Removed: %(what)s.", what=what))
    return str(_("Masked: %(what)s.", what=what))
