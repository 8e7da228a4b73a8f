"""Whose form a form is, who learns which phones are registered, and what no browser keeps."""

from sqlalchemy import func, select

from core.testing.pages import PageClient, url_for
from plugins.open_day.models.registration import Registration
from plugins.open_day.public.access import LIMITS

LIMIT = LIMITS["registered"][0]


def form_of(day):
    return url_for("plugin_open_day_registration.form", day.id, day.slots[0].id)


def typed(**changes):
    return {
        "name": "王小明", "phone": "13800138000", "people": "1", "consent": "1",
        "request_key": "key-1",
    } | changes  # fmt: skip


def test_a_key_from_another_browser_opens_nobodys_ticket(app, client, own, day):
    first = client.post(form_of(day), typed(), status=303)
    stranger = PageClient(app)
    page = stranger.post(form_of(day), typed(), status=409)
    assert "该手机号已经报名" in page.text
    assert page.location is None
    other = stranger.post(form_of(day), typed(phone="13800138001", name="李大明"), status=303)
    assert other.location != first.location
    assert own.scalar(select(func.count(Registration.id))) == 2
    stranger.get(f"{first.location}cancel/", status=302)  # to the look-up: phone and code


def test_who_tries_many_phones_is_stopped(client, day):
    client.post(form_of(day), typed(), status=303)
    for number in range(LIMIT):
        client.post(form_of(day), typed(request_key=f"try-{number}"), status=409)
    page = client.post(form_of(day), typed(request_key="once more"), status=429)
    assert page.select("//input[@name='name']/@value") == ["王小明"]


def test_pages_of_a_registration_are_kept_by_nobody(client, day):
    assert client.get(form_of(day)).headers["Cache-Control"] == "no-store"
    ticket = client.post(form_of(day), typed(), status=303)
    assert ticket.headers["Cache-Control"] == "no-store"
    for page in ("", "qr.svg", "calendar.ics", "cancel/"):
        assert client.get(ticket.location + page).headers["Cache-Control"] == "no-store", page
    assert "no-store" not in client.get(url_for("plugin_open_day.show", day.id)).headers.get(
        "Cache-Control", ""
    )
