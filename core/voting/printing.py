"""What is printed for a vote: ballots for the meeting, the counter's poster, tickets.

The QR code of ballots and poster leads to the public page of the vote; a ticket's holds the code of
the ticket, which belongs to nobody.
"""

from collections.abc import Sequence

from flask_babel import gettext as _

from core.clock import local_day
from core.voting.kinds import get_vote_kind
from core.voting.models import PublicVote, VoteSubject
from core.web.files.pdf import PdfSheet, measure_text, wrap_text
from core.web.urls import tenant_url

BALLOTS_ON_PAGE, TICKET_COLUMNS, TICKET_ROWS = 2, 2, 5
_ROW, _GRADE, _QR = 30, 62, 62
_LARGE, _NORMAL, _SMALL = 20, 15, 11


def vote_url(vote: PublicVote) -> str:
    """Return the address of the public page of a vote, as it is printed."""
    endpoint = f"{get_vote_kind(vote).places.public}.show"
    return tenant_url(endpoint, vote_id=vote.id, _external=True)


def ballot_url(vote: PublicVote, ticket: str | None = None) -> str:
    """Return the address of the form on which one votes, of a ticket where it is for one."""
    endpoint = f"{get_vote_kind(vote).places.public}.choose"
    return tenant_url(endpoint, vote_id=vote.id, ticket=ticket, _external=True)


def print_ballots(vote: PublicVote) -> bytes:
    """Print a set of ballots: one of each subject, two on a page, to be cut apart."""
    sheet = PdfSheet()
    half = sheet.height / BALLOTS_ON_PAGE
    for number, subject in enumerate(vote.subjects):
        place = number % BALLOTS_ON_PAGE
        if number and not place:
            sheet.new_page()
        if place:
            sheet.outline([(sheet.margin, half), (sheet.width - sheet.margin, half)], 0.3)
        _draw_ballot(sheet, sheet.height - place * half - sheet.margin / 2, vote, subject)
    return sheet.to_pdf()


def _draw_ballot(sheet: PdfSheet, top: float, vote: PublicVote, subject: VoteSubject) -> None:
    sheet.qr_code(sheet.width - sheet.margin - _QR, top, _QR, vote_url(vote))
    sheet.text(sheet.margin, top - 16, _SMALL, vote.title)
    sheet.text(sheet.margin, top - 44, _LARGE, subject.name)
    hint = _("One mark in each row. A row without a mark, or with several, is not counted.")
    sheet.text(sheet.margin, top - 62, _SMALL, hint)
    right, y = sheet.width - sheet.margin, top - 72
    grades = [str(label) for label in get_vote_kind(vote).grades.values()]
    first = right - _GRADE * len(grades)
    for column, words in enumerate(grades):
        room = (_GRADE - measure_text(words, _SMALL)) / 2
        sheet.text(first + column * _GRADE + room, y - 20, _SMALL, words)
    for row, aspect in enumerate(vote.aspects, start=1):
        below = y - row * _ROW
        _draw_label(sheet, below, first - sheet.margin, aspect["label"])
    bottom = y - (len(vote.aspects) + 1) * _ROW
    for row in range(len(vote.aspects) + 2):
        sheet.outline([(sheet.margin, y - row * _ROW), (right, y - row * _ROW)])
    for x in (sheet.margin, *(first + n * _GRADE for n in range(len(grades) + 1))):
        sheet.outline([(x, y), (x, bottom)])


def _draw_label(sheet: PdfSheet, top: float, room: float, words: str) -> None:
    """Write what is judged in its box, smaller where it is long."""
    size = _NORMAL if measure_text(words, _NORMAL) < room - 8 else _SMALL
    lines = list(wrap_text(words, size, room - 8))
    y = top - (_ROW - size * len(lines)) / 2 - size + 2
    for number, line in enumerate(lines):
        sheet.text(sheet.margin + 4, y - number * size, size, line)


def print_poster(vote: PublicVote, place: str) -> bytes:
    """Print the poster for the counter: what is asked, until when, and where it leads."""
    sheet = PdfSheet()
    sheet.paragraph(_LARGE, place, centred=True)
    sheet.paragraph(34, vote.title, centred=True)
    sheet.y -= 20
    first, last = local_day(vote.opens_at), local_day(vote.closes_at)
    sheet.paragraph(_LARGE, _("From %(first)s to %(last)s", first=first, last=last), centred=True)
    # A code is read only with room around it: four of its points.
    sheet.y -= 40
    side = 320
    url = ballot_url(vote)
    sheet.qr_code((sheet.width - side) / 2, sheet.y, side, url)
    sheet.y -= side + 30
    sheet.paragraph(_SMALL, url, centred=True)
    sheet.y -= 10
    if vote.by_ticket:
        sheet.paragraph(_NORMAL, _("Ask for a ticket at this counter."), centred=True)
    sheet.paragraph(_NORMAL, _("Scan with the phone and say what you think. No account, no name."),
                    centred=True)  # fmt: skip
    sheet.paragraph(_NORMAL, _("Paper ballots are to be had here too."), centred=True)
    return sheet.to_pdf()


def print_tickets(vote: PublicVote, codes: Sequence[str]) -> bytes:
    """Print tickets, ten on a page; their codes cannot be printed again."""
    sheet = PdfSheet()
    width, height = sheet.width / TICKET_COLUMNS, sheet.height / TICKET_ROWS
    for number, code in enumerate(codes):
        place = number % (TICKET_COLUMNS * TICKET_ROWS)
        if number and not place:
            sheet.new_page()
        left, top = place % TICKET_COLUMNS * width, sheet.height - place // TICKET_COLUMNS * height
        corners = [(left, top), (left + width, top), (left + width, top - height)]
        sheet.outline([*corners, (left, top - height)], 0.3)
        sheet.qr_code(left + 14, top - 30, 96, ballot_url(vote, code))
        room = width - 96 - 40
        lines = [(_SMALL, vote.title), (_NORMAL, f"{code[:5]} {code[5:]}"),
                 (_SMALL, _("One ticket, one voice for each subject. Nobody knows whose it is.")),
                 (_SMALL, _("Until %(day)s", day=local_day(vote.closes_at)))]  # fmt: skip
        y = top - 30
        for size, words in lines:
            for line in wrap_text(words, size, room):
                y -= size * 1.45
                sheet.text(left + 124, y, size, line)
    return sheet.to_pdf()
