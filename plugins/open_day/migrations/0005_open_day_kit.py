"""Questionnaires, notices and webhooks move into the core's tables; rate limits are the core's.

Answers stay anonymous and keep their tickets' digests, notices that wait are queued as they would
read now, and changes that another system was not told yet are queued for it. Notices that were
sent and attempts of the last hour are not kept.
"""

import json
import re
import secrets
import uuid
from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa
from alembic import op

from core.sdk import UtcDateTime, enforce, zone

revision = "open_day_0005"
down_revision = "open_day_0004"
branch_labels = None
depends_on = None

# Tables that go; their row-level-security policies go with them.
DROPPED = (
    "open_day_survey_use",
    "open_day_survey_answer",
    "open_day_questionnaire",
    "open_day_notice",
    "open_day_telling",
    "open_day_attempt",
)
SURVEY, TOPIC = "open_day.survey", "open_day.registration"
MOST_ATTEMPTS = 5
SHORTEST_KEY = 16


def upgrade() -> None:
    bind = op.get_bind()
    tables = sa.MetaData()
    tables.reflect(bind, only=lambda name, _: name in NEEDED)
    now = datetime.now(UTC)
    _move_questionnaires(bind, tables.tables, now)
    _move_notices(bind, tables.tables, now)
    _move_webhooks(bind, tables.tables, now)
    for table in DROPPED:
        op.drop_table(table)


NEEDED = {
    *DROPPED, "questionnaire", "questionnaire_answer", "questionnaire_use", "queued_notice",
    "webhook_endpoint", "webhook_delivery", "open_day_day", "open_day_slot",
    "open_day_registration", "open_day_event", "plugin_setting", "tenant",
}  # fmt: skip
TIMES = {
    "created_at", "next_try_at", "sent_at", "starts_at", "offer_expires_at", "at", "claimed_until",
    "opens_at", "closes_at", "handed_at", "failing_since", "finished_at",
}  # fmt: skip


def _typed(table: sa.Table) -> sa.Table:
    """Give times of a reflected table the type that stores them in UTC on every database."""
    for column in table.columns:
        if column.name in TIMES:
            column.type = UtcDateTime(timezone=True)
        elif column.name in {"questions", "answers", "facts", "value"} and table.name != "tenant":
            column.type = sa.JSON()
    return table


def _rows(bind: sa.Connection, query: Any) -> Any:
    return bind.execute(query).mappings().all()


def _insert(bind: sa.Connection, table: sa.Table, values: dict[str, Any]) -> int:
    made: Any = bind.execute(table.insert().values(**values)).inserted_primary_key
    return int(made[0])


def _move_questionnaires(bind: sa.Connection, tables: Any, now: datetime) -> None:
    new = _typed(tables["questionnaire"])
    moved: dict[int, int] = {}
    for row in _rows(bind, sa.select(_typed(tables["open_day_questionnaire"]))):
        values = {
            "tenant_id": row["tenant_id"], "kind": SURVEY, "key": str(row["open_day_id"]),
            "title": "", "introduction": "", "questions": row["questions"],
            "minimum": max(row["least"], 1), "is_open": row["is_open"], "is_public": row["is_public"],
            "is_blind": False, "created_at": now,
        }  # fmt: skip
        moved[row["open_day_id"]] = _insert(bind, new, values)
    for old, new_name in (
        ("open_day_survey_answer", "questionnaire_answer"),
        ("open_day_survey_use", "questionnaire_use"),
    ):
        target = _typed(tables[new_name])
        for row in _rows(bind, sa.select(_typed(tables[old]))):
            # Without its questionnaire nobody could have answered.
            if row["open_day_id"] in moved:
                kept = {name: row[name] for name in row if name in target.columns}
                kept["questionnaire_id"] = moved[row["open_day_id"]]
                if "id" in kept:  # drawn anew: an id tells nothing, and no other feature has it
                    kept["id"] = secrets.randbits(53)
                bind.execute(target.insert().values(**kept))


def _move_notices(bind: sa.Connection, tables: Any, now: datetime) -> None:
    notice, queued = _typed(tables["open_day_notice"]), _typed(tables["queued_notice"])
    registration, slot = _typed(tables["open_day_registration"]), _typed(tables["open_day_slot"])
    day = tables["open_day_day"]
    query = (
        sa.select(
            notice.c.tenant_id, notice.c.about, notice.c.attempts, notice.c.created_at,
            notice.c.registration_id, registration.c.phone, registration.c.code,
            registration.c.offer_expires_at, slot.c.name, slot.c.starts_at,
            slot.c.place.label("slot_place"), day.c.title, day.c.place, day.c.state_reason,
            day.c.phone.label("day_phone"),
        )
        .join(registration, registration.c.id == notice.c.registration_id)
        .join(slot, slot.c.id == registration.c.slot_id)
        .join(day, day.c.id == registration.c.open_day_id)
        .where(
            notice.c.sent_at.is_(None), notice.c.attempts < MOST_ATTEMPTS,
            registration.c.phone != "",
        )
        .order_by(notice.c.id)
    )  # fmt: skip
    for row in _rows(bind, query):
        code = row["code"]
        facts = {
            "title": row["title"], "slot": row["name"], "when": _format(row["starts_at"]),
            "place": row["slot_place"] or row["place"], "until": _format(row["offer_expires_at"]),
            "reason": row["state_reason"], "phone": row["day_phone"],
            "code": "-".join(code[place : place + 4] for place in range(0, len(code), 4)),
        }  # fmt: skip
        values = {
            "tenant_id": row["tenant_id"], "topic": f"open_day.{row['about']}",
            "recipient": row["phone"], "facts": facts, "state": "queued", "carrier": "",
            "subject": f"open_day.registration:{row['registration_id']}",
            "attempts": row["attempts"], "next_try_at": now, "created_at": row["created_at"],
        }  # fmt: skip
        bind.execute(queued.insert().values(**values))


def _format(moment: datetime | None) -> str:
    return moment.astimezone(zone()).strftime("%Y-%m-%d %H:%M") if moment else ""


def _move_webhooks(bind: sa.Connection, tables: Any, now: datetime) -> None:
    endpoint, delivery = _typed(tables["webhook_endpoint"]), _typed(tables["webhook_delivery"])
    event, tenant = _typed(tables["open_day_event"]), tables["tenant"]
    for row in _rows(bind, sa.select(_typed(tables["open_day_telling"]))):
        place = _rows(bind, sa.select(tenant).where(tenant.c.id == row["tenant_id"]))[0]
        url, key = _settings(bind, _typed(tables["plugin_setting"]), place["path"])
        if not url or len(key) < SHORTEST_KEY:
            continue
        values = {
            "tenant_id": row["tenant_id"], "topic": TOPIC, "url": url, "secret": key,
            "failures": row["attempts"], "last_error": "", "next_try_at": row["next_try_at"],
            "created_at": now,
        }  # fmt: skip
        made = _insert(bind, endpoint, values)
        untold = sa.select(event).where(
            event.c.tenant_id == row["tenant_id"], event.c.id > row["upto"],
            event.c.registration_id.is_not(None),
        )  # fmt: skip
        for change in _rows(bind, untold.order_by(event.c.id)):
            number = uuid.uuid4().hex
            body = {
                "event": "registration.changed", "delivery": number,
                "place": place["division_code"], "open_day": change["open_day_id"],
                "registration": change["registration_id"], "change": change["move"],
                "state": change["to_state"], "at": change["at"].isoformat(),
            }  # fmt: skip
            values = {
                "tenant_id": row["tenant_id"], "endpoint_id": made, "key": number,
                "event": "registration.changed", "body": json.dumps(body, sort_keys=True),
                "state": "pending", "attempts": 0, "created_at": now,
            }  # fmt: skip
            bind.execute(delivery.insert().values(**values))


def _settings(bind: sa.Connection, setting: sa.Table, path: str) -> tuple[str, str]:
    """Address and key that hold at a place: the nearest ones, none from below a lock."""
    found, locked = {"webhook_url": "", "webhook_key": ""}, set[str]()
    for tenant_id in re.findall("[0-9]+", path):
        query = sa.select(setting).where(
            setting.c.plugin == "open_day", setting.c.tenant_id == int(tenant_id)
        )
        for row in _rows(bind, query):
            if row["field"] in found and row["field"] not in locked:
                found[row["field"]] = row["value"] or ""
                locked |= {row["field"]} if row["locked"] else set()
    return found["webhook_url"], found["webhook_key"]


def downgrade() -> None:
    """Make the old tables again and move the questionnaires back.

    Notices that wait and changes that nobody was told of are not moved back; they are deleted.
    """
    _create_old_tables()
    bind = op.get_bind()
    tables = sa.MetaData()
    tables.reflect(bind, only=lambda name, _: name in NEEDED)
    _return_questionnaires(bind, tables.tables)
    notice, endpoint = tables.tables["queued_notice"], tables.tables["webhook_endpoint"]
    delivery = tables.tables["webhook_delivery"]
    ours = sa.select(endpoint.c.id).where(endpoint.c.topic == TOPIC)
    bind.execute(sa.delete(notice).where(notice.c.topic.startswith("open_day.")))
    bind.execute(sa.delete(delivery).where(delivery.c.endpoint_id.in_(ours)))
    bind.execute(sa.delete(endpoint).where(endpoint.c.topic == TOPIC))


def _return_questionnaires(bind: sa.Connection, tables: Any) -> None:
    new, old = _typed(tables["questionnaire"]), _typed(tables["open_day_questionnaire"])
    for row in _rows(bind, sa.select(new).where(new.c.kind == SURVEY)):
        day = {"tenant_id": row["tenant_id"], "open_day_id": int(row["key"])}
        values = {
            "questions": row["questions"], "least": row["minimum"], "is_open": row["is_open"],
            "is_public": row["is_public"],
        }  # fmt: skip
        bind.execute(old.insert().values(**day, **values))
        for new_name, old_name, kept in (
            ("questionnaire_answer", "open_day_survey_answer", ("id", "answers")),
            ("questionnaire_use", "open_day_survey_use", ("digest",)),
        ):
            source, target = _typed(tables[new_name]), _typed(tables[old_name])
            own = source.c.questionnaire_id == row["id"]
            for each in _rows(bind, sa.select(source).where(own)):
                bind.execute(target.insert().values(**day, **{name: each[name] for name in kept}))
            bind.execute(sa.delete(source).where(own))
        bind.execute(sa.delete(new).where(new.c.id == row["id"]))


def _create_old_tables() -> None:
    """Create what `upgrade` dropped, as the revisions before made it."""
    _create(
        "open_day_questionnaire",
        _number(),
        sa.Column("questions", sa.JSON(), nullable=False),
        sa.Column("least", sa.Integer(), nullable=False),
        sa.Column("is_open", sa.Boolean(), nullable=False),
        sa.Column("is_public", sa.Boolean(), nullable=False),
        sa.UniqueConstraint("open_day_id", name=op.f("uq_open_day_questionnaire_open_day_id")),
        of_day=True,
    )
    _create(
        "open_day_survey_answer",
        sa.Column("id", sa.BigInteger(), primary_key=True, autoincrement=False),
        sa.Column("answers", sa.JSON(), nullable=False),
        of_day=True,
        sqlite_with_rowid=False,
    )
    _create(
        "open_day_survey_use",
        sa.Column("digest", sa.String(length=64), primary_key=True),
        of_day=True,
        sqlite_with_rowid=False,
    )
    for table in ("open_day_survey_answer", "open_day_survey_use"):
        op.create_index(op.f(f"ix_{table}_open_day_id"), table, ["open_day_id"])
    _create(
        "open_day_notice",
        _number(),
        sa.Column("registration_id", sa.Integer(), nullable=False),
        sa.Column("about", sa.String(length=20), nullable=False),
        sa.Column("created_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("sent_at", UtcDateTime(timezone=True), nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["registration_id"],
            ["open_day_registration.id"],
            name=op.f("fk_open_day_notice_registration_id_open_day_registration"),
            ondelete="CASCADE",
        ),
    )
    op.create_index("ix_open_day_notice_due", "open_day_notice", ["sent_at", "attempts"])
    op.create_index(
        op.f("ix_open_day_notice_registration_id"), "open_day_notice", ["registration_id"]
    )
    _create(
        "open_day_telling",
        _number(),
        sa.Column("upto", sa.Integer(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("next_try_at", UtcDateTime(timezone=True), nullable=False),
        sa.UniqueConstraint("tenant_id", name=op.f("uq_open_day_telling_tenant_id")),
    )
    _create(
        "open_day_attempt",
        _number(),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("address_digest", sa.String(length=64), nullable=False),
        sa.Column("at", UtcDateTime(timezone=True), nullable=False),
    )
    op.create_index(op.f("ix_open_day_attempt_at"), "open_day_attempt", ["at"])
    op.create_index(
        "ix_open_day_attempt_of", "open_day_attempt", ["tenant_id", "kind", "address_digest", "at"]
    )
    enforce(op.get_bind(), dict.fromkeys(DROPPED, False))


def _number() -> sa.Column[Any]:
    return sa.Column("id", sa.Integer(), primary_key=True)


def _create(name: str, *parts: Any, of_day: bool = False, **options: Any) -> None:
    """Create a table of a tenant, and of an open day where it has one."""
    tenant = sa.ForeignKeyConstraint(
        ["tenant_id"], ["tenant.id"], name=op.f(f"fk_{name}_tenant_id_tenant"), ondelete="RESTRICT"
    )
    day = (
        sa.Column("open_day_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "open_day_id"],
            ["open_day_day.tenant_id", "open_day_day.id"],
            name=op.f(f"fk_{name}_tenant_id_open_day_id_open_day_day"),
            ondelete="CASCADE",
        ),
    )
    owner = sa.Column("tenant_id", sa.Integer(), nullable=False)
    op.create_table(name, *parts, owner, tenant, *(day if of_day else ()), **options)
    op.create_index(op.f(f"ix_{name}_tenant_id"), name, ["tenant_id"])
