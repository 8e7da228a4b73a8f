"""What the plugin says about itself."""

from core.sdk import Manifest, Permission, PersonalData
from plugins.open_day.settings import OpenDaySettings
from plugins.open_day.words import _l

NAME = "open_day"
MANAGE, PUBLISH, CHECK_IN = f"{NAME}.manage", f"{NAME}.publish", f"{NAME}.check_in"

MANIFEST = Manifest(
    name=NAME,
    version="0.1.0",
    title=_l("Open days"),
    summary=_l("Announce open days, register citizens, keep the waiting list, publish results."),
    settings=OpenDaySettings,
    permissions=(
        Permission(MANAGE, _l("Prepare open days and look after registrations")),
        Permission(PUBLISH, _l("Check and publish open days"), ("officer", "reviewer"), True),
        Permission(CHECK_IN, _l("Check people in"), ("officer", "liaison", "clerk")),
    ),
    personal_data=(
        PersonalData(
            _l("Name, phone and number of people of a registration; names of companions"),
            _l("to keep the place, to reach the person and to check in"),
            _l("as long as the open day says, 180 days after its end unless changed"),
        ),
        PersonalData(
            _l("Answers to the form's own questions"),
            _l("as the open day says"),
            _l("each question's own term, at most as long as the registration"),
        ),
    ),
)
