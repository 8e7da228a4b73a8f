"""Fill a form of a finished page with what was typed."""

from collections.abc import Iterable, Sequence
from urllib.parse import urljoin, urlsplit

from lxml import html

_BUTTONS = {"button", "file", "image", "password", "reset", "submit"}
_CHOICES = {"checkbox", "radio"}


def fill_form(
    page: bytes, address: str, action: str, typed: Sequence[tuple[str, str]], notice: str
) -> bytes | None:
    """Return the page with the form that goes to `action` filled in, `None` where it has none.

    `address` is the page's own. Fields that the page does not show (further rows) go along hidden;
    `notice` is markup to put before the form.
    """
    tree = html.document_fromstring(page, parser=html.HTMLParser(encoding="utf-8"))
    names = {name for name, _value in typed}
    forms = [form for form in tree.forms if _goes_to(form, address, action)]
    if not forms:
        return None
    form = max(forms, key=lambda one: len(names & {each.get("name") for each in one.iter()}))
    form.set("action", action)
    _fill(form, typed)
    form.addprevious(html.fragment_fromstring(notice))
    return html.tostring(tree, doctype="<!doctype html>", encoding="utf-8")


def _goes_to(form: html.HtmlElement, address: str, action: str) -> bool:
    method = (form.get("method") or "get").lower()
    path = urlsplit(urljoin(address, form.get("action") or "")).path
    return method == "post" and path == urlsplit(action).path


def _fill(form: html.HtmlElement, typed: Iterable[tuple[str, str]]) -> None:
    left: dict[str, list[str]] = {}
    for name, value in typed:
        left.setdefault(name, []).append(value)
    shown = {"csrf_token"}
    for control in form.iter("input", "select", "textarea", "button"):
        own = control.get("name") or "csrf_token"
        if own == "csrf_token":
            continue
        shown.add(own)
        if control.tag != "button" and (control.get("type") or "text").lower() not in _BUTTONS:
            _put(control, left.get(own, []))
    further = [(name, value) for name, values in left.items() for value in values]
    for name, value in further:
        if name not in shown:
            form.append(html.Element("input", type="hidden", name=name, value=value))


def _put(control: html.HtmlElement, values: list[str]) -> None:
    """Put what was typed into a control; of controls of one name each takes one value."""
    if control.tag == "select":
        for option in control.iter("option"):
            _mark(option, "selected", chosen=_value(option) in values)
    elif control.get("type", "").lower() in _CHOICES:
        _mark(control, "checked", chosen=control.get("value", "on") in values)
    elif values:
        value = values.pop(0)
        if control.tag == "textarea":
            control.text = f"\n{value}"  # browsers drop the first line break
        else:
            control.set("value", value)


def _value(option: html.HtmlElement) -> str:
    return str(option.get("value", option.text_content().strip()))


def _mark(control: html.HtmlElement, name: str, *, chosen: bool) -> None:
    if chosen:
        control.set(name, name)
    else:
        control.attrib.pop(name, None)
