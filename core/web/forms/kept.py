"""What was typed outlives what goes wrong: the page of the form is answered again, filled in.

A form that stands open for long loses its session, its token, or both; somebody else saves first;
the database is busy; a place is taken in the last moment. The answer is then `answer_filled`: the
middleware (`core.web.forms.refilling`) fetches the page on which the form stood, once that request
is over and with its cookies, and it comes filled in. Nothing is stored on the server. Files and
passwords are not kept; at fields of files that is said.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from urllib.parse import urlsplit

from flask import Response, make_response, render_template, request
from flask_babel import gettext as _

from core.errors import Overtaken
from core.web.forms.filling import VERSION
from core.web.urls import safe_next

#: The key of the environment under which `refilling` looks for what is wanted.
WANTED = "gongkai.fill"
MOST_KEPT = 4_000_000
_NOT_KEPT = ("csrf_token", "password")
_MOST_FILES = 100


@dataclass(frozen=True, slots=True)
class KeptForm:
    """A form as it was posted: the page on which it stood, its address, its fields.

    `files` are pairs of a field and the name of a file that was chosen there.
    """

    page: str
    action: str
    fields: tuple[tuple[str, str], ...]
    files: tuple[tuple[str, str], ...] = ()

    def to_text(self) -> str:
        """Write it, for a hidden field."""
        return json.dumps(asdict(self), ensure_ascii=False)

    @property
    def texts(self) -> list[str]:
        """What somebody may want to copy where the form can be shown no more."""
        return [value for name, value in self.fields if value.strip() and name != VERSION]

    def file_notes(self) -> dict[str, str]:
        """Return for each field of files what has to be chosen again."""
        names: dict[str, list[str]] = {}
        for name, file in self.files:
            names.setdefault(name, []).append(file)
        return {
            name: _("Choose again, since files are not kept: %(files)s", files=", ".join(files))
            for name, files in names.items()
        }


@dataclass(frozen=True, slots=True)
class Refill:
    """A form that is to be shown again: what is said above it, and how it may be sent once more.

    `again` is the text of a button that sends it as it was sent; with `overtaken` it is shown what
    differs from what others have saved, and sending it replaces theirs.
    """

    kept: KeptForm
    message: str
    again: str = ""
    overtaken: bool = False
    tone: str = "warn"
    notes: Mapping[str, str] = field(default_factory=dict)


def keep_form() -> KeptForm:
    """Keep the form that this request posts."""
    action = request.script_root + request.full_path.rstrip("?")
    return KeptForm(_find_page() or action, action, tuple(list_typed()), tuple(_list_files()))


def read_kept(text: str) -> KeptForm | None:
    """Read what `to_text` wrote; `None` where it is nothing of ours."""
    try:
        found = json.loads(text)
        fields, files = (
            tuple((str(name), str(value)) for name, value in found.get(part, ()))
            for part in ("fields", "files")
        )
        page, action = safe_next(str(found["page"]), ""), safe_next(str(found["action"]), "")
    except (AttributeError, KeyError, RecursionError, TypeError, ValueError):
        return None
    return KeptForm(page, action, fields, files) if page and action else None


def list_typed() -> list[tuple[str, str]]:
    """List the fields of a posted form, for sending them again; passwords are typed anew."""
    if request.method != "POST":
        return []
    return [
        (name, value)
        for name, value in request.form.items(multi=True)
        if not any(part in name for part in _NOT_KEPT)
    ]


def _list_files() -> list[tuple[str, str]]:
    sent = [(name, file.filename or "") for name, file in request.files.items(multi=True)]
    return [(name, file) for name, file in sent if file][:_MOST_FILES]


def has_files() -> bool:
    """Return whether files came along, which cannot be kept."""
    return bool(_list_files())


def was_sent_here() -> bool:
    """Return whether a page of this site sent the form: what others send is not put into one."""
    site = request.headers.get("Sec-Fetch-Site")
    if site is not None:
        return site == "same-origin"
    sender = request.headers.get("Origin") or request.headers.get("Referer") or ""
    return urlsplit(sender).netloc == request.host


def shown_version(*shown: object) -> str:
    """Return a digest of what a form shows, as the version of things that count none."""
    text = json.dumps(shown, ensure_ascii=False, sort_keys=True, default=str)
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def require_version(version: int | str, *, optional: bool = False) -> None:
    """Raise `Overtaken` unless the posted form shows this state of what it changes.

    The form carries it: `{{ version_field(row.version) }}`; where several rows, a document or a
    setting is changed, the version is `shown_version` of what stands in the form. `optional` takes
    what was sent by no form, and so names no state that somebody has seen.
    """
    sent = request.form.get(VERSION)
    if sent != str(version) and not (optional and sent is None):
        raise Overtaken(_("Somebody else changed this in the meantime."))


def answer_filled(
    kept: KeptForm, message: str, *, again: str = "", overtaken: bool = False, tone: str = "warn"
) -> Response:
    """Answer with the page of the form, filled in; where that is gone, with what was typed."""
    wanted = Refill(kept, message, again, overtaken, tone, kept.file_notes())
    request.environ.setdefault(WANTED, []).append(wanted)
    response = make_response(render_template("errors/kept.html", wanted=wanted))
    response.headers["Cache-Control"] = "no-store"
    return response


def _find_page() -> str:
    """Return the address of the page on this site on which the posted form stood, if known."""
    sender = urlsplit(request.headers.get("Referer") or "")
    if sender.netloc != request.host or not sender.path.startswith(request.script_root + "/"):
        return ""
    return safe_next(sender.path + (f"?{sender.query}" if sender.query else ""), "")
