"""Have an old document (.doc, .wps) converted in the background, and go on with it afterwards.

A page that is sent such a file calls `queue_conversion` and redirects to the address it returns:
the person sees there what is going on. That page then leads back to the first one, with the number
of the conversion as the parameter `converted`; `get_conversion` and `read_converted` give the rest.
"""

from datetime import timedelta

from flask_babel import gettext as _
from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from core.conversion.models import DONE, FAILED, WAITING, OfficeConversion
from core.db.base import utc_now
from core.db.scope import Scope, open_session
from core.db.transactions import after_commit
from core.errors import Conflict, NotFound
from core.jobs.queue import Jobs, Schedule, enqueue
from core.tables.formats.legacy.conversion import LIMITS, find_office_program
from core.tables.limits import Deadline, UnreadableFile
from core.web import params
from core.web.context import Context
from core.web.urls import tenant_url

JOB = "office_conversion"
#: A converted document may be larger than what was sent.
MAX_CONVERTED = LIMITS.output
_EVERY_MINUTE = Schedule()
_KEPT = timedelta(days=1)
_PURPOSE = "old documents that wait to be converted"


def define_jobs(jobs: Jobs) -> None:
    """Add the job to the application's."""
    jobs.define(JOB, convert_waiting, _EVERY_MINUTE)


def queue_conversion(ctx: Context, data: bytes, filename: str, back: str) -> str | None:
    """Queue a file that has to be converted; return the address that says how that goes.

    `None` where it needs no conversion, or none is possible here: read it as it is, the reader
    says what is to be done. `back` is the address of the page that goes on with it.
    """
    from core.tables.detect import is_old_text

    if ctx.actor.user_id is None or find_office_program() is None or not is_old_text(data):
        return None
    conversion = OfficeConversion(
        tenant_id=ctx.tenant.id, user_id=ctx.actor.user_id, filename=filename[-200:], back=back,
        source=data,
    )  # fmt: skip
    ctx.session.add(conversion)
    ctx.session.flush()
    after_commit(ctx.session, enqueue, JOB)
    return tenant_url("conversion.wait", conversion_id=conversion.id)


def get_conversion(ctx: Context, number: int) -> OfficeConversion:
    """Return a conversion that this person has asked for here; raises `NotFound`.

    Its row is locked until the transaction ends: what is made of it is made once.
    """
    query = select(OfficeConversion).where(
        OfficeConversion.id == number,
        OfficeConversion.tenant_id == ctx.tenant.id,
        OfficeConversion.user_id == ctx.actor.user_id,
    )
    found = ctx.session.scalar(query.with_for_update())
    if found is None:
        raise NotFound(_("This file is kept no longer. Please choose it again."))
    return found


def find_converted(ctx: Context) -> OfficeConversion | None:
    """Return the conversion that the address names; raises `NotFound`."""
    number = params.number("converted")
    return get_conversion(ctx, number) if number else None


def read_converted(conversion: OfficeConversion) -> bytes:
    """Return the document as DOCX; raises `UnreadableFile` where there is none, and `Conflict`."""
    if conversion.state == FAILED:
        raise UnreadableFile(conversion.fault, conversion.filename)
    if conversion.result is None:
        raise Conflict(_("This file is kept no longer. Please choose it again."))
    return conversion.result


def take_converted(ctx: Context) -> tuple[bytes, str] | None:
    """Return the document that the address names, as DOCX, with the name of what was sent.

    Raises `UnreadableFile` with what is wrong, `NotFound`, and `Conflict`.
    """
    found = find_converted(ctx)
    return None if found is None else (read_converted(found), found.filename)


def drop_bytes(conversion: OfficeConversion, made_id: int | None = None) -> None:
    """Forget the document once it was taken; `made_id` is what was made of it."""
    conversion.source = conversion.result = None
    conversion.made_id = made_id


def count_before(session: Session, conversion: OfficeConversion) -> int:
    """Count what waits before a conversion here."""
    query = select(func.count(OfficeConversion.id)).where(
        OfficeConversion.state == WAITING, OfficeConversion.id < conversion.id
    )
    return session.scalar(query) or 0


def convert_waiting() -> None:
    """Convert what waits, one after the other, each in its own transactions; forget what is old."""
    with open_session(Scope.platform(_PURPOSE)) as session:
        session.execute(
            delete(OfficeConversion).where(OfficeConversion.asked_at < utc_now() - _KEPT)
        )
    while number := _convert_next():
        del number


def _convert_next() -> int | None:
    """Convert what has waited longest; nothing is locked meanwhile."""
    with open_session(Scope.platform(_PURPOSE)) as session:
        query = select(OfficeConversion.id, OfficeConversion.filename, OfficeConversion.source)
        query = query.where(OfficeConversion.state == WAITING).order_by(OfficeConversion.id)
        found = session.execute(query.limit(1)).first()
    if found is None:
        return None
    result, fault = _convert(found.source or b"", found.filename)
    with open_session(Scope.platform(_PURPOSE)) as session:
        conversion = session.get(OfficeConversion, found.id)
        if conversion is not None:
            conversion.state = FAILED if fault else DONE
            conversion.result, conversion.fault = result, fault
    number: int = found.id
    return number


def _convert(data: bytes, filename: str) -> tuple[bytes | None, str]:
    from core.tables.detect import convert_old_text

    try:
        return convert_old_text(data, filename, Deadline(filename, LIMITS.patience)), ""
    except UnreadableFile as error:
        return None, error.code
