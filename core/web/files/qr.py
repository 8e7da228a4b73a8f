"""Addresses as QR codes, for notice boards, tickets and posters."""

from io import BytesIO

from flask import Response


def qr_code(text: str) -> Response:
    """Draw a QR code as an SVG picture, with its quiet zone; readable with 15 % of it damaged."""
    import segno  # few answers are pictures

    buffer = BytesIO()
    segno.make(text, error="m", micro=False).save(buffer, kind="svg", scale=4, border=4)
    return Response(buffer.getvalue(), mimetype="image/svg+xml")
