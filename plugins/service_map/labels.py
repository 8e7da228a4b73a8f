"""Names of states, datums, facilities and fields, for the staff and the public."""

from .i18n import _l

STATES = {
    "draft": (_l("Not public yet"), "warn"),
    "public": (_l("Public"), "good"),
    "closed": (_l("Closed for good"), "quiet"),
}
FACILITIES = {
    "step_free": _l("Entrance without steps"),
    "lift": _l("Lift"),
    "toilet": _l("Accessible toilet"),
    "low_counter": _l("Low counter"),
    "wheelchair": _l("Wheelchair to borrow"),
    "parking": _l("Accessible parking"),
    "braille": _l("Braille or tactile paving"),
    "sign_language": _l("Sign language"),
    "hearing_loop": _l("Hearing aid loop"),
    "large_print": _l("Large print or magnifier"),
    "home_visit": _l("Visits at home"),
}
ATTENTION = {
    "stale": _l("To be verified"),
    "unplaced": _l("Without a position"),
    "draft": _l("Not public yet"),
    "closed": _l("Closed for good"),
}
HISTORY = {
    "create": _l("Entered"),
    "edit": _l("Changed"),
    "verify": _l("Verified"),
    "delete": _l("Deleted"),
    "close": _l("Closure entered"),
    "reopen": _l("Closure withdrawn"),
    "move": _l("Relocation entered"),
    "moved": _l("Relocated"),
    "stay": _l("Relocation withdrawn"),
    "photo": _l("Photograph added"),
    "drop_photo": _l("Photograph removed"),
    "bulk": _l("Changed with others"),
    "import": _l("Imported"),
    "undo": _l("Import undone"),
}
FIELDS = {
    "name": _l("Name of the point"),
    "type_key": _l("Type"),
    "details": _l("Details of the type"),
    "organ_id": _l("Responsible office"),
    "address": _l("Address"),
    "way": _l("How to get there"),
    "lng": _l("Longitude"),
    "lat": _l("Latitude"),
    "datum": _l("Coordinate system"),
    "phones": _l("Telephone"),
    "in_charge": _l("Post in charge"),
    "materials": _l("What to bring"),
    "facilities": _l("Accessibility"),
    "access_note": _l("Further on accessibility"),
    "hours": _l("Opening hours"),
    "hours_text": _l("Opening hours in words"),
    "state": _l("State"),
    "offers": _l("Services offered"),
    "position": _l("Position"),
}
