"""The first sign-in, and one after a reset: a one-time code from a sheet, then an own password."""

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response

from core.accounts.passwords import MINIMUM_PASSWORD
from core.accounts.views import enter
from core.db.scope import open_session
from core.errors import Forbidden, Invalid
from core.people.codes import use_code
from core.web import params
from core.web.access import open_page
from core.web.files.qr import qr_code
from core.web.forms.fields import LineField, SecretField
from core.web.forms.form import Form, FormData

blueprint = Blueprint("first_sign_in", "core.people", template_folder="templates")


class FirstSignInForm(Form):
    """Account and code as they stand on the sheet, and twice the password that is chosen."""

    username = LineField(64, required=_l("Enter the account name."))
    code = LineField(40, required=_l("Enter the one-time code."))
    new = SecretField(required=_l("Choose a password."))
    again = SecretField(required=_l("Type the password once more."))


@blueprint.get("/first-sign-in/")
@open_page
def show() -> str:
    """Show the form; a sheet's QR code brings the account's name."""
    return _page(FormData({}, {}, {"username": params.text("name", 64)}))


@blueprint.get("/first-sign-in/qr/")
@open_page
def qr() -> Response:
    """Draw the QR code of the form for an account's name."""
    return qr_code(url_for("first_sign_in.show", name=params.text("name", 64), _external=True))


@blueprint.post("/first-sign-in/")
@open_page
def choose() -> Any:
    """Set the password and sign the person in."""
    form = FirstSignInForm.read()
    if not form.ok:
        return _page(form), 422
    try:
        with open_session(None) as session:
            person = use_code(session, address=request.remote_addr or "", **form.values)
    except Invalid as error:
        form.errors.update(error.fields)
        return _page(form), error.status
    except Forbidden as error:
        form.errors["code"] = error.message
        return _page(form), error.status
    enter(person)
    flash(_("Welcome. From now on you sign in with your own password."), "success")
    return redirect(url_for("accounts.account"))


def _page(form: FormData) -> str:
    return render_template(
        "people/first_sign_in.html",
        typed=form.typed,
        errors=form.errors,
        minimum=MINIMUM_PASSWORD,
    )
