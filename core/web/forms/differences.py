"""What a form shows now beside what was typed into it earlier, field by field."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from lxml import html

from core.web.forms.filling import Typed, is_fillable, to_kind, to_option_value

# Of longer texts only the lines that differ are shown.
_SHORT = 4


@dataclass(frozen=True, slots=True)
class FieldDifference:
    """A field as the page has it now and as it was typed, in the words of its form."""

    label: str
    theirs: str
    mine: str


def list_differences(form: html.HtmlElement, typed: Typed) -> list[FieldDifference]:
    """List the fields that the page shows differently from what was typed, in its order.

    To be called before the form is filled in. A field that was not posted, because the page had
    none such, is no difference; ticks that are off are never posted.
    """
    return list(_differences(form, typed))


def _differences(form: html.HtmlElement, typed: Typed) -> Iterator[FieldDifference]:
    groups: dict[str, list[html.HtmlElement]] = {}
    for control in form.iter("input", "select", "textarea"):
        if is_fillable(control) and to_kind(control) != "hidden" and control.get("name"):
            groups.setdefault(control.get("name", ""), []).append(control)
    for name, controls in groups.items():
        values = [value for key, value in typed if key == name]
        if not values and not _may_be_silent(controls[0]):
            continue
        theirs, mine = _shown(controls), _as_shown(controls, values)
        if _words(theirs) != _words(mine):
            yield FieldDifference(_label(controls[0]), *_differing_lines(theirs, mine))


def _may_be_silent(control: html.HtmlElement) -> bool:
    return to_kind(control) == "checkbox"


def _shown(controls: Sequence[html.HtmlElement]) -> str:
    """Return what the controls of one name show."""
    return "\n".join(text for control in controls if (text := _shown_in(control)))


def _shown_in(control: html.HtmlElement) -> str:
    if control.tag == "select":
        chosen = control.xpath(".//option[@selected]") or control.xpath("(.//option)[1]")
        return _option_texts(chosen)
    if to_kind(control) in {"checkbox", "radio"}:
        return _own_label(control) if "checked" in control.attrib else ""
    if control.tag == "textarea":
        return str(control.text_content()).strip("\r\n")
    return str(control.get("value", ""))


def _as_shown(controls: Sequence[html.HtmlElement], values: Sequence[str]) -> str:
    """Return what the controls of one name would show of values."""
    first = controls[0]
    if first.tag == "select":
        offered = [each for each in first.iter("option") if to_option_value(each) in values]
        return _option_texts(offered) if offered else "\n".join(values)
    if to_kind(first) in {"checkbox", "radio"}:
        ticked = [each for each in controls if each.get("value", "on") in values]
        return "\n".join(map(_own_label, ticked))
    return "\n".join(value for value in values if value)


def _option_texts(options: Sequence[html.HtmlElement]) -> str:
    return "\n".join(" ".join(option.text_content().split()) for option in options)


def _differing_lines(theirs: str, mine: str) -> tuple[str, str]:
    """Return both texts, or where they are long only their lines that differ."""
    old, new = theirs.splitlines(), mine.splitlines()
    if max(len(old), len(new)) < _SHORT:
        return theirs, mine
    gone: list[str] = []
    come: list[str] = []
    for step, a, b, c, d in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if step != "equal":
            gone += old[a:b]
            come += new[c:d]
    return "\n".join(gone), "\n".join(come)


def _words(text: str) -> list[str]:
    return text.split()


def _label(control: html.HtmlElement) -> str:
    """Return the words before a control; of a group of choices its legend."""
    legend = control.xpath("ancestor::fieldset[1]/legend")
    if legend and to_kind(control) in {"checkbox", "radio"}:
        return _text(legend[0])
    return _own_label(control) or str(control.get("name"))


def _own_label(control: html.HtmlElement) -> str:
    tree = control.getroottree()
    labels = (
        tree.xpath("//label[@for=$id]", id=control.get("id") or "") if control.get("id") else []
    )
    labels = labels or control.xpath("ancestor::label[1]")
    return _text(labels[0]) if labels else str(control.get("aria-label") or "")


def _text(element: html.HtmlElement) -> str:
    """Return an element's text without controls in it and what says that a field is optional."""
    parts = element.xpath(
        ".//text()[not(ancestor::*[contains(@class, 'field__optional')]"
        " or ancestor::select or ancestor::textarea or ancestor::button)]"
    )
    return " ".join("".join(parts).split())
