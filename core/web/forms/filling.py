"""Fill a form of a finished page with what was typed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Self
from urllib.parse import urljoin, urlsplit

from lxml import html

from core.bounds import clean_text

_BUTTONS = {"button", "file", "image", "password", "reset", "submit"}
_CHOICES = {"checkbox", "radio"}
_TOKEN = "csrf_token"  # noqa: S105 - the name of a field
# The field that says which state of a thing a form shows (optimistic lock).
VERSION = "version"
_BUTTON_MARKS = ("name", "value", "formaction", "formnovalidate")
KEPT_ID = "kept-form"

Typed = Sequence[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class FoundForm:
    """A form of a page."""

    tree: html.HtmlElement
    form: html.HtmlElement

    @classmethod
    def find(cls, page: bytes, address: str, action: str, typed: Typed) -> Self | None:
        """Find the form of a page that goes to `action`, of several the one with most fields."""
        tree = html.document_fromstring(page, parser=html.HTMLParser(encoding="utf-8"))
        names = {name for name, _value in typed}
        forms = [form for form in tree.forms if _goes_to(form, address, action)]
        if not forms:
            return None
        form = max(forms, key=lambda one: len(names & {each.get("name") for each in one.iter()}))
        form.set("action", action)
        return cls(tree, form)

    def fill(self, typed: Typed, *, overtaken: bool = False) -> None:
        """Fill it in; the token stays that of the page.

        Where others were faster the page's own version stays too, so that it can be saved on top
        of theirs, and so do rows that they have added.
        """
        kept = {_TOKEN, VERSION} if overtaken else {_TOKEN}
        values: dict[str, list[str]] = {}
        # No document can hold control characters, and whoever sends them need not use a browser.
        printable = [(clean_text(name), clean_text(value)) for name, value in typed]
        for name, value in printable:
            values.setdefault(name, []).append(value)
        self._empty_previews(values)
        shown = set(kept)
        for name, controls in self._controls_by_name().items():
            if name not in kept:
                shown.add(name)
                _put_all(controls, values.get(name, []), added_stay=overtaken)
        for name, value in printable:
            if name not in shown:
                self._add_hidden(name, value)

    def mark_files(self, notes: Mapping[str, str]) -> None:
        """Say at fields of files that what was chosen there has to be chosen again."""
        for control in self.form.iter("input"):
            note = notes.get(control.get("name") or "") if control.get("type") == "file" else None
            if note:
                said = html.Element("p", {"class": "field__error"})
                said.text = note
                control.addprevious(said)

    def find_pressed(self, typed: Typed) -> dict[str, str]:
        """Return the attributes of a button outside that sends the form as it was sent."""
        self.form.set("id", self.form.get("id") or KEPT_ID)
        marks = {"form": str(self.form.get("id"))}
        for button in self.form.iter("button"):
            if (button.get("name"), button.get("value", "")) in typed:
                own = dict(button.attrib)
                return marks | {name: own[name] for name in _BUTTON_MARKS if name in own}
        return marks

    def write(self, notice: str) -> bytes:
        """Return the page with a notice before the form."""
        self.form.addprevious(html.fragment_fromstring(notice.strip()))
        written: bytes = html.tostring(self.tree, doctype="<!doctype html>", encoding="utf-8")
        return written

    def _controls_by_name(self) -> dict[str, list[html.HtmlElement]]:
        """Return what can be filled in by name; of a name with buttons or files only, nothing."""
        found: dict[str, list[html.HtmlElement]] = {}
        for control in self.form.iter("input", "select", "textarea", "button"):
            if name := control.get("name"):
                fillable = found.setdefault(name, [])
                if is_fillable(control):
                    fillable.append(control)
        return found

    def _empty_previews(self, values: Mapping[str, Sequence[str]]) -> None:
        """Empty what the page shows of a field that is filled in with something else."""
        for shown in self.form.xpath(".//*[@data-follows]"):
            name = shown.get("data-follows")
            own = self.form.xpath(".//textarea[@name=$name]", name=name)
            if own and (own[0].text_content().split() != " ".join(values.get(name, [])).split()):
                for child in list(shown):
                    shown.remove(child)

    def _add_hidden(self, name: str, value: str) -> None:
        self.form.append(html.Element("input", type="hidden", name=name, value=value))


def is_fillable(control: html.HtmlElement) -> bool:
    """Return whether a control takes what was typed."""
    return control.tag != "button" and to_kind(control) not in _BUTTONS


def to_kind(control: html.HtmlElement) -> str:
    """Return the type of an input in small letters; `text` of other controls."""
    return (control.get("type") or "text").lower()


def to_option_value(option: html.HtmlElement) -> str:
    """Return what an option sends."""
    return str(option.get("value", option.text_content().strip()))


def _goes_to(form: html.HtmlElement, address: str, action: str) -> bool:
    method = (form.get("method") or "get").lower()
    path = urlsplit(urljoin(address, form.get("action") or "")).path
    return method == "post" and path == urlsplit(action).path


def _put_all(
    controls: Sequence[html.HtmlElement], values: Sequence[str], *, added_stay: bool
) -> None:
    """Put values into the controls of one name, of which each takes one.

    Keys that a page carries along hidden, one for each row it shows, are told from each other by
    their values: those that were not sent go (unless `added_stay`), further ones come.
    """
    left = list(values)
    hidden = [each for each in controls if to_kind(each) == "hidden"]
    if max(len(hidden), len(left)) > 1 and len(hidden) == len(controls) and hidden:
        _put_keys(hidden, left, added_stay=added_stay)
        return
    for control in controls:
        _put(control, left)


def _put_keys(hidden: Sequence[html.HtmlElement], left: list[str], *, added_stay: bool) -> None:
    for control in hidden:
        if control.get("value", "") in left:
            left.remove(control.get("value", ""))
        elif not added_stay:
            control.set("disabled", "disabled")
    for value in left:
        further = html.Element("input", type="hidden", name=hidden[0].get("name", ""), value=value)
        hidden[-1].addnext(further)


def _put(control: html.HtmlElement, values: list[str]) -> None:
    """Put what was typed into a control; of controls of one name each takes one value."""
    if control.tag == "select":
        for option in control.iter("option"):
            _mark(option, "selected", chosen=to_option_value(option) in values)
    elif to_kind(control) in _CHOICES:
        _mark(control, "checked", chosen=control.get("value", "on") in values)
    elif values:
        value = values.pop(0)
        if control.tag == "textarea":
            control.text = f"\n{value}"  # browsers drop the first line break
        else:
            control.set("value", value)


def _mark(control: html.HtmlElement, name: str, *, chosen: bool) -> None:
    if chosen:
        control.set(name, name)
    else:
        control.attrib.pop(name, None)
