"""Who can be evaluated at a place: its organs, and the townships below it; never villages (N37)."""

from dataclasses import dataclass

from sqlalchemy.orm import Session

from core.sdk import Invalid, Tenant, list_children, list_organs, short_name

from ..domain.indicators import SubjectGroup
from ..i18n import _

# Bodies of villagers are no subjects: they answer to the villagers' assembly.
_NO_SUBJECTS = frozenset({"committee", "supervision", "collective"})


@dataclass(frozen=True, slots=True)
class SubjectOption:
    """A subject that can be chosen: its key ("organ:12"), its name and its group."""

    kind: str
    id: int
    name: str
    group: SubjectGroup

    @property
    def key(self) -> str:
        """The value that forms send."""
        return f"{self.kind}:{self.id}"

    @property
    def columns(self) -> dict[str, int]:
        """The value of its column, for a row that is about it."""
        return {f"{self.kind}_id": self.id}


def list_subjects(session: Session, tenant: Tenant) -> list[SubjectOption]:
    """List who can be evaluated at a place, departments first."""
    found = [
        SubjectOption("organ", organ.id, organ.name, SubjectGroup.DEPARTMENT)
        for organ in list_organs(session, tenant)
        if organ.kind not in _NO_SUBJECTS
    ]
    townships = (each for each in list_children(session, tenant) if each.level == "township")
    return found + [
        SubjectOption("township", each.id, short_name(each.name), SubjectGroup.TOWNSHIP)
        for each in townships
    ]


def get_subject(session: Session, tenant: Tenant, key: str) -> SubjectOption:
    """Return the subject of a key; raises `Invalid` where it cannot be evaluated here."""
    found = next((one for one in list_subjects(session, tenant) if one.key == key), None)
    if found is None:
        raise Invalid({"subject": _("Choose an office or a township of this place.")})
    return found


def list_subject_options(session: Session, tenant: Tenant) -> list[dict[str, str]]:
    """List the subjects as a form offers them."""
    groups = {SubjectGroup.DEPARTMENT: _("Departments"), SubjectGroup.TOWNSHIP: _("Townships")}
    return [
        {"value": each.key, "label": each.name, "group": groups[each.group]}
        for each in list_subjects(session, tenant)
    ]
