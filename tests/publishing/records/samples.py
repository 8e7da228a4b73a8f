"""Records as services take them, and as the form posts them."""

from datetime import date

REVIEWED = {
    "number": "保审〔2026〕12号",
    "reviewer_name": "王保密",
    "reviewed_on": date(2026, 4, 8),
    "result": "public",
}
DECIDED = {
    "nature": "active", "ground": "", "decided_by": "李主任", "decided_on": date(2026, 4, 9),
}  # fmt: skip
# The same as the form posts it.
TYPED = {
    "secrecy_number": "保审〔2026〕12号",
    "secrecy_reviewer": "王保密",
    "secrecy_on": "2026-04-08",
    "secrecy_result": "public",
    "nature": "active",
    "nature_by": "李主任",
    "nature_on": "2026-04-09",
}
