"""Staff page of a place's rules for personal data and wording."""

from typing import Any

from flask import Blueprint, flash, redirect, render_template
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from core.accounts.access import staff_page
from core.accounts.staff_menu import StaffLink, contribute
from core.errors import Invalid
from core.permissions import Action
from core.publishing.guard.settings.choices import (
    PrivacyChoice,
    load_inherited_mask,
    load_own_choice,
    save_choice,
)
from core.web.context import Context
from core.web.forms.fields import ChoiceField, LinesField
from core.web.forms.form import Form
from core.web.forms.kept import require_version, shown_version
from core.web.urls import tenant_url

blueprint = Blueprint("publishing_privacy", "core.publishing", template_folder="templates")
contribute(
    blueprint,
    links=[
        StaffLink(
            "privacy", _l("Administration"), _l("Personal data and wording"),
            "publishing_privacy.show", Action.MANAGE_TENANT,
        )
    ],
)  # fmt: skip

#: What may stay of a number, first and last; an example says what it looks like.
FORMATS = {
    "id_number": ("2+3", "6+4", "3+4", "1+1", "0+4"),
    "phone": ("3+4", "3+2", "0+4"),
    "bank_card": ("6+4", "4+4", "0+4"),
}
_EXAMPLES = {
    "id_number": "11010519491231002X",
    "phone": "13812345678",
    "bank_card": "6222021234567890123",
}


class PrivacyForm(Form):
    """How much of a number stays, numbers to keep, and words of the place."""

    id_number = ChoiceField(FORMATS["id_number"])
    phone = ChoiceField(FORMATS["phone"])
    bank_card = ChoiceField(FORMATS["bank_card"])
    keep = LinesField(500, 20)
    words = LinesField(1000, 60)


@blueprint.get("/<code>/console/privacy/")
@staff_page(Action.MANAGE_TENANT)
def show(ctx: Context) -> str:
    """Show what the place says of masks, numbers to keep and words."""
    choice = load_own_choice(ctx.session, ctx.tenant)
    values = {name: f"{first}+{last}" for name, (first, last) in choice.mask.items()}
    lines = {"keep": "\n".join(choice.keep), "words": "\n".join(choice.words)}
    return _page(ctx, values | lines, {})


@blueprint.post("/<code>/console/privacy/")
@staff_page(Action.MANAGE_TENANT)
def save(ctx: Context) -> Any:
    """Set them, in force at once here and below."""
    require_version(_version(ctx))
    form = PrivacyForm.read()
    try:
        save_choice(ctx.session, ctx.actor, ctx.tenant, _to_choice(form.require()))
    except Invalid as error:
        return _page(ctx, form.typed, error.fields), 422
    flash(_("Saved; it holds here and below from now on."), "success")
    return redirect(tenant_url("publishing_privacy.show"))


def _to_choice(values: dict[str, Any]) -> PrivacyChoice:
    mask = {}
    for name in FORMATS:
        first, plus, last = values[name].partition("+")
        if plus:
            mask[name] = (int(first), int(last))
    return PrivacyChoice(mask, values["keep"], values["words"])


def _version(ctx: Context) -> str:
    choice = load_own_choice(ctx.session, ctx.tenant)
    return shown_version(choice.mask, choice.keep, choice.words)


def _page(ctx: Context, values: dict[str, Any], errors: dict[str, str]) -> str:
    mask = load_inherited_mask(ctx.session, ctx.tenant)
    return render_template(
        "publishing/console/privacy.html",
        values=values,
        errors=errors,
        version=_version(ctx),
        formats={name: _list_options(name) for name in FORMATS},
        inherited={
            name: _example(name, "+".join(map(str, getattr(mask, name)))) for name in FORMATS
        },
    )


def _list_options(name: str) -> list[dict[str, str]]:
    return [{"value": each, "label": _example(name, each)} for each in FORMATS[name]]


def _example(name: str, stays: str) -> str:
    """Show a number as a format leaves it: 11*************02X."""
    number = _EXAMPLES[name]
    first, last = map(int, stays.split("+"))
    return number[:first] + "*" * (len(number) - first - last) + number[len(number) - last :]
