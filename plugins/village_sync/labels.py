"""The plugin's words: of states, facts, reasons, batches and acts, in the reader's language."""

from core.sdk import FeatureText

from .domain.batches import split_batch
from .models.sync import SyncComparison

text = FeatureText("village_sync", __name__)
_, _l, _n = text.gettext, text.lazy_gettext, text.ngettext

#: By state of a comparison: what staff read, and its tone.
STATES = {
    "agrees": (_l("Consistent"), "good"),
    "open": (_l("Differs"), "bad"),
    "explained": (_l("Explained"), "warn"),
    "unclear": (_l("Nothing to compare"), "quiet"),
    "gone": (_l("A side was withdrawn"), "quiet"),
}
#: What everybody reads; what is not there is internal.
PUBLIC_STATES = {
    "agrees": (_l("Consistent"), "good"),
    "open": (_l("Being verified"), "warn"),
    "explained": (_l("There is an explanation"), "quiet"),
}
FILTERS = {
    "open": _l("Open"),
    "late": _l("Overdue"),
    "explained": _l("Explained"),
    "agrees": _l("Consistent"),
    "unclear": _l("Nothing to compare"),
    "all": _l("All"),
}
FACTS = {
    "households": _l("Households"),
    "persons": _l("Persons"),
    "cases": _l("Cases"),
    "area": _l("Area (mu)"),
    "site_area": _l("Area (square metres)"),
    "standard": _l("Standard"),
    "zone_price": _l("Zone price"),
    "amount": _l("Amount (yuan)"),
    "crop": _l("Crops"),
    "care": _l("Kind of care"),
    "goods": _l("Goods"),
    "grade": _l("Grade of the house"),
    "approval_date": _l("Dates of approval"),
    "certificate": _l("Certificate numbers"),
    "approved": _l("Approved (yuan)"),
    "awarded": _l("Awarded (yuan)"),
    "settled": _l("Settled (yuan)"),
    "paid": _l("Paid (yuan)"),
    "object": _l("Objects"),
    "floor_price": _l("Floor price (yuan)"),
    "price": _l("Price (yuan)"),
    "term": _l("Term"),
    "contractor": _l("Contractors"),
}
REASONS = {
    "card_returned": _l("Card returned, paid later"),
    "death": _l("Death, stopped from the next month"),
    "households_persons": _l("Counted by household here, by person there"),
    "contractor_grower": _l("Contractor of the land here, grower there"),
    "rounding": _l("Rounding"),
    "stages": _l("Approval, contract and settlement differ"),
    "after_check": _l("Reduced after a check since it was announced"),
    "registered_resident": _l("Registered here, resident there"),
    "kept_by_collective": _l("Kept by the collective"),
    "batches": _l("Paid in several batches"),
}
DIRECTIONS = {
    "down": _l("down: the government's word counts"),
    "up": _l("up: what the village publishes is the source"),
}
ACTS = {
    "opened": _l("A difference was found"),
    "changed": _l("A side has changed, it still differs"),
    "agreed": _l("Both sides agree"),
    "unclear": _l("The lists have nothing in common that could be compared"),
    "gone": _l("A side was withdrawn"),
    "answered": _l("Answered"),
    "explained": _l("Explained"),
    "reopened": _l("Explanation withdrawn"),
}
PAIR_ACTS = {
    "confirmed": _l("Confirmed"),
    "removed": _l("Taken back"),
    "restored": _l("Taking back undone"),
    "facts": _l("What must agree was changed"),
}


def say_differences(row: SyncComparison) -> str:
    """Return in a line what differs, both sides beside each other."""
    return "; ".join(
        _(
            "%(fact)s: village %(ours)s, government %(theirs)s",
            fact=FACTS[fact["key"]],
            ours=fact["village"],
            theirs=fact["government"],
        )
        for fact in row.facts
        if fact["agrees"] is False
    )


def say_batch(key: str) -> str:
    """Return a batch in words: 2026年第三季度第2批."""
    year, parts = split_batch(key)
    said = [_("%(year)s", year=year)]
    if "h" in parts:
        said.append(_("first half") if parts["h"] == 1 else _("second half"))
    for letter, name in (("q", _l("quarter %(n)s")), ("m", _l("month %(n)s")),
                         ("b", _l("batch %(n)s"))):  # fmt: skip
        if letter in parts:
            said.append(str(name) % {"n": parts[letter]})
    return " ".join(said)
