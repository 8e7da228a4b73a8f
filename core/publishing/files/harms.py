"""Words for the harm that a file is refused for: what is wrong, where, and what to do."""

from flask_babel import lazy_gettext as _l

from core.publishing.files.inspection.verdict import Harm

_MESSAGES = {
    Harm.MACRO: _l("“%(name)s” contains macros; save it without them and try again."),
    Harm.SCRIPT: _l(
        "“%(name)s” does something by itself when it is opened or clicked (a script, a program, "
        "a form that is sent); print it to a new PDF or remove that."
    ),
    Harm.FORM: _l("“%(name)s” is a PDF form of the XFA kind; print it to a new PDF."),
    Harm.EMBEDDED: _l(
        "“%(name)s” holds another file or object inside; put a picture in its place, or attach "
        "that file by itself."
    ),
    Harm.OUTSIDE: _l(
        "“%(name)s” loads something from elsewhere when it is opened; break the link (or paste "
        "pictures into the document) and save it again."
    ),
    Harm.DDE: _l(
        "“%(name)s” has a field or formula that asks another program (DDE); remove it and save "
        "it again."
    ),
    Harm.APPENDED: _l(
        "“%(name)s” carries other data before, between or after its own; open it, save it anew "
        "and try again."
    ),
    Harm.PROGRAM: _l("“%(name)s” has a program or another kind of file hidden inside."),
    Harm.UNKNOWN_PART: _l(
        "“%(name)s” has a part of an unknown kind inside; save it anew with WPS or Office."
    ),
    Harm.ENCRYPTED: _l("“%(name)s” is protected with a password; remove it and try again."),
    Harm.BOMB: _l("“%(name)s” unpacks to an enormous size."),
    Harm.COSTLY: _l("“%(name)s” is too large or too intricate to be checked; make it simpler."),
    Harm.BROKEN: _l("“%(name)s” is damaged and cannot be opened."),
}
_PLACE = _l("Place inside the file: %(part)s")


def harm_message(name: str, harm: Harm, part: str) -> str:
    """Return why a file is refused, naming it and the place inside it."""
    message = str(_MESSAGES[harm]) % {"name": name}
    return f"{message} {str(_PLACE) % {'part': part}}" if part else message
