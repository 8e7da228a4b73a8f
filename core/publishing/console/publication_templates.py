"""Staff pages of the templates of catalog items: what lists hold, standing words, publicity."""

from collections.abc import Mapping
from typing import Any

from flask import Blueprint, flash, redirect, render_template
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from core.accounts.access import staff_page
from core.accounts.staff_menu import StaffLink, contribute
from core.catalog.domain.inheritance import EffectiveItem
from core.catalog.domain.matching import normalize_name
from core.catalog.effective import effective_catalog
from core.catalog.labels import domain_name, item_title
from core.catalog.public_list import listed_items
from core.errors import Invalid, NotFound
from core.permissions import Action
from core.publishing.labels import DAY_LABELS
from core.publishing.lists.domain.model import (
    LONGEST_NAME,
    LONGEST_UNIT,
    MOST_COLUMNS,
    ColumnType,
)
from core.publishing.lists.findings import TYPE_LABELS
from core.publishing.lists.item_templates.model import (
    PHRASES,
    ItemTemplate,
    TemplateColumn,
)
from core.publishing.lists.item_templates.service import (
    LONGEST_REASON,
    TemplateHere,
    load_template,
    load_template_here,
    save_template,
)
from core.publishing.rules import CALENDAR_DAYS, DAY_KINDS
from core.publishing.schemas import MOST_PUBLICITY_DAYS
from core.publishing.vocabulary import genres_for
from core.web import params
from core.web.context import Context
from core.web.forms.fields import ChoiceField, LineField, NumberField, TextField, TickField
from core.web.forms.form import Errors, Form, FormData, RowsField
from core.web.forms.kept import require_version, shown_version
from core.web.paging import paginate_rows
from core.web.urls import tenant_url

blueprint = Blueprint("item_templates", "core.publishing", template_folder="templates")
contribute(
    blueprint,
    links=[
        StaffLink(
            "item-templates", _l("Administration"), _l("Templates of items"),
            "item_templates.index", Action.EDIT_CATALOG,
        )
    ],
)  # fmt: skip

ITEMS_ON_A_PAGE = 50
_BLANK_COLUMNS = 3
PHRASE_LABELS = {
    "opening": _l("Opening"),
    "basis": _l("Basis"),
    "period": _l("Publicity period: words"),
    "objection": _l("How to object"),
    "office": _l("Office that takes objections"),
    "phone": _l("Telephone of objections"),
    "address": _l("Address of objections"),
    "signature": _l("Signature and day"),
}


class TemplateColumnForm(Form):
    """One column of a template."""

    key = LineField(40)
    name = LineField(LONGEST_NAME)
    type = ChoiceField([kind.value for kind in ColumnType], default=ColumnType.TEXT.value)
    unit = LineField(LONGEST_UNIT)
    required = TickField()
    protected = TickField()


class TemplateForm(Form):
    """A template and the reason why it changes."""

    columns = RowsField(TemplateColumnForm, MOST_COLUMNS)
    opening = TextField(500)
    basis = TextField(500)
    period = TextField(500)
    objection = TextField(500)
    office = TextField(200)
    phone = TextField(200)
    address = TextField(200)
    signature = TextField(200)
    genre = LineField(40)
    publicity_days = NumberField(1, MOST_PUBLICITY_DAYS)
    day_kind = ChoiceField(DAY_KINDS, default=CALENDAR_DAYS)
    totals = TickField()
    reason = LineField(LONGEST_REASON, required=_l("Say why."))


def load_item(ctx: Context, item_id: str) -> EffectiveItem:
    """Load an item of the place's catalog; raises `NotFound`."""
    item = effective_catalog(ctx.session, ctx.tenant).catalog.items.get(item_id)
    if item is None:
        raise NotFound(where=item_id)
    return item


@blueprint.get("/<code>/console/item-templates/")
@staff_page(Action.EDIT_CATALOG)
def index(ctx: Context) -> str:
    """List the items of the place, with a search, and which have a template."""
    asked = params.text("q", 50)
    catalog = effective_catalog(ctx.session, ctx.tenant).catalog
    found = [
        (item, item_title(item), domain_name(catalog, item.domain))
        for item in listed_items(catalog, ctx.tenant.level)
        if normalize_name(asked) in normalize_name(item_title(item))
    ]
    page = paginate_rows(found, params.page_number(), ITEMS_ON_A_PAGE)
    made = {
        item.item_id: template
        for item, _title, _domain in page.rows
        if (template := load_template(ctx.session, ctx.tenant, item))
    }
    return render_template(
        "publishing/console/item_templates.html", page=page, asked=asked, made=made
    )


@blueprint.get("/<code>/console/item-templates/<item_id>/")
@staff_page(Action.EDIT_CATALOG, item=load_item)
def edit(ctx: Context, item: EffectiveItem, item_id: str) -> str:
    """Show what holds for an item here, and what is inherited."""
    del item_id
    here = load_template_here(ctx.session, ctx.tenant, item)
    template = here.template or ItemTemplate()
    typed = TemplateForm.show({**dict.fromkeys(PHRASES, ""), **template.phrases, "reason": ""})
    typed |= {
        "columns": [_show_column(column) for column in template.columns],
        "genre": template.genre,
        "publicity_days": template.publicity_days or "",
        "day_kind": template.day_kind,
        "totals": "yes" if template.totals else "",
    }
    return _page(ctx, item, here, typed, {})


@blueprint.post("/<code>/console/item-templates/<item_id>/")
@staff_page(Action.EDIT_CATALOG, item=load_item)
def save(ctx: Context, item: EffectiveItem, item_id: str) -> Any:
    """Store what differs from the levels above, with its reason."""
    here = load_template_here(ctx.session, ctx.tenant, item)
    require_version(shown_version(here.template))
    form = TemplateForm.read()
    try:
        form.require()
        wanted = _to_template(form)
        reason = form.values["reason"]
        changed = save_template(ctx.session, ctx.actor, ctx.tenant, item, wanted, reason=reason)
    except Invalid as error:
        return _page(ctx, item, here, form.typed, error.fields), 422
    flash(_("Saved.") if changed else _("Nothing has changed."), "success")
    return redirect(tenant_url("item_templates.edit", item_id=item_id))


def _to_template(form: FormData) -> ItemTemplate:
    values = form.values
    return ItemTemplate(
        tuple(
            TemplateColumn(**{
                **one, "key": one["key"] or one["name"], "type": ColumnType(one["type"])
            })
            for one in values["columns"]
            if one["name"]
        ),
        {name: values[name] for name in PHRASES if values[name]},
        values["genre"],
        values["publicity_days"],
        values["day_kind"],
        values["totals"],
    )  # fmt: skip


def _show_column(column: TemplateColumn) -> dict[str, Any]:
    return TemplateColumnForm.show(
        {
            "key": column.key,
            "name": column.name,
            "type": column.type.value,
            "unit": column.unit,
            "required": column.required,
            "protected": column.protected,
        }
    )


def _page(
    ctx: Context, item: EffectiveItem, here: TemplateHere, typed: Mapping[str, Any], errors: Errors
) -> str:
    blank = TemplateColumnForm.show({"type": ColumnType.TEXT.value})
    return render_template(
        "publishing/console/item_template.html",
        item=item,
        title=item_title(item),
        here=here,
        typed=typed,
        version=shown_version(here.template),
        columns=[*typed["columns"], *[blank] * _BLANK_COLUMNS],
        errors=errors,
        types=TYPE_LABELS,
        phrases=PHRASE_LABELS,
        genres=[{"value": word, "label": word} for word in genres_for(ctx.tenant.kind)],
        day_kinds=[{"value": key, "label": label} for key, label in DAY_LABELS.items()],
    )
