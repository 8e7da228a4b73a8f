"""No staff page lets anybody at what belongs to others, whatever their role: none of all routes.

The routes come from the application, so that a new one is tried by itself. Every role is held for
another organ, at a sister, in a foreign county, below and above; what is there must not change.
"""

import re
import secrets
from dataclasses import dataclass
from datetime import timedelta

import pytest
from sqlalchemy import select

from core.accounts.models import User
from core.accounts.sessions import begin_session
from core.catalog.domain.changes import Define, DefineDomain
from core.catalog.editing.review import submit_revision
from core.catalog.models import CatalogUpload
from core.clock import today
from core.db.base import Base, list_mappers, utc_now
from core.db.scope import Scope, open_session
from core.permissions import OPERATOR, Actor, Role
from core.publishing.content import Content
from core.publishing.models import ItemLink
from core.publishing.workflow.drafts import create_publication, submit
from core.search.models import SearchPromotion, SearchWord
from core.tenancy.models import Organ, Tenant
from core.tenancy.service import ensure_organ
from core.testing.factories.catalog import FIRST, SECOND, approve_changes, item_fields
from core.testing.factories.people import create_person
from core.testing.factories.publishing import publish_at
from plugins.open_day.domain.identifiers import new_code

SECRET = "不可外传"
TABLES = {table.name: table for table in Base.metadata.sorted_tables}
VALUE = re.compile(r"<(?:(\w+)(?:\(([^)]*)\))?:)?(\w+)>")


@dataclass
class Place:
    """A place with one thing of each kind that belongs to its organ, by the word before its id."""

    tenant: Tenant
    organ: Organ
    things: dict[str, object]


def fill(session, tenant: Tenant, organ_name: str, person: Actor) -> Place:
    """Give an organ of the place one thing of each kind, all with a secret in its text."""
    organ = ensure_organ(session, tenant, organ_name)
    content = Content(
        title=f"{SECRET}草稿", body_source=SECRET, organ_id=organ.id, no_item_reason="无",
        formed_on=today(),
    )  # fmt: skip
    draft = create_publication(session, OPERATOR, tenant, content)
    submit(session, OPERATOR, draft)
    publish_at(session, tenant, Content(title="公开", body_source="公开", organ_id=organ.id))
    change = Define(f"{tenant.division_code}-jiuzhu-001", item_fields(level2=f"{SECRET}修改"))
    revision = submit_revision(session, OPERATOR, tenant, [change], reason=SECRET)
    rows = {
        "uploads": CatalogUpload(
            tenant_id=tenant.id, digest="0" * 64, filename=f"{SECRET}.xlsx", row_count=0,
            uploaded_by=person.user_id, uploaded_name="某",
            parsed={"tables": [], "not_applicable": []},
        ),
        "item-links": ItemLink(
            tenant_id=tenant.id, village_item=FIRST, government_item=SECOND, state="confirmed",
            proposed_by="person", reason="同一件事",
        ),
        "words": SearchWord(tenant_id=tenant.id, kind="official", word="吃低保", other="低保"),
        "promotions": SearchPromotion(
            tenant_id=tenant.id, words="低保", document="x:1", title="低保", starts_on=today(),
            ends_on=today(),
        ),
    }  # fmt: skip
    session.add_all(rows.values())
    session.flush()
    things = {word: row.id for word, row in rows.items()}
    things |= {"publications": draft.id, "changes": revision.id, "domains": "jiuzhu"}
    things |= {"items": FIRST, "refine": "mode", "plugins": "open_day"}
    return Place(tenant, organ, things | _add_open_day(session, tenant, organ))


def _add_open_day(session, tenant: Tenant, organ: Organ) -> dict[str, object]:
    """Add an open day with a session, a category, a question, a registration and more."""
    mapped = {mapper.local_table.name: mapper.class_ for mapper in list_mappers()}

    def add(table: str, **values):
        row = mapped[f"open_day_{table}"](tenant_id=tenant.id, **values)
        session.add(row)
        session.flush()
        return row.id

    starts = utc_now() + timedelta(days=9)
    span = {"starts_at": starts, "ends_at": starts + timedelta(hours=2)}
    day = add("day", title=f"{SECRET}开放日", organ_id=organ.id, **span)
    slot = add("slot", open_day_id=day, name="全天", capacity=9, **span)
    category = add("category", open_day_id=day, key="c1", label=SECRET)
    field = add("field", open_day_id=day, key="q1", label=SECRET)
    code = new_code(secrets.choice)
    person = add("registration", open_day_id=day, slot_id=slot, code=code, name=SECRET)
    nomination = add("nomination", open_day_id=day, slot_id=slot, unit=SECRET, quota=2)
    reply = add("reply", open_day_id=day, question=SECRET)
    return {
        "open-days": day, "slots": slot, "draw": slot, "categories": category,
        "questions": field, "people": person, "nominations": nomination, "replies": reply,
        "check-in": code, "from": day,
    }  # fmt: skip


@dataclass
class World:
    """The application with two filled places, and what is asked of it."""

    client: object
    rules: list
    county: Place
    village: Place
    other_organ: Organ

    def addresses(self, place: Place):
        """Yield endpoint, method and address of each staff route, about things of the place."""
        for rule in self.rules:

            def value(match: re.Match, path: str = rule.rule) -> str:
                kind, options, name = match.groups()
                if name == "code":
                    return place.tenant.division_code
                if kind == "any":
                    return options.split(",")[0].strip(" '")
                before = path[: match.start()].rstrip("/").rsplit("/", 1)[-1]
                found = place.things.get(before, place.things.get(name))
                return str(found if found is not None else {"int": 0}.get(kind, "x"))

            path = VALUE.sub(value, rule.rule)
            for method in sorted(rule.methods & {"GET", "POST"}):
                yield rule.endpoint, method, path

    def enter(self, session_id: str) -> None:
        """Be this person from now on."""
        with self.client.session_transaction() as session:
            session["_user_id"], session["_fresh"] = session_id, True

    def ask(self, method: str, path: str, place: Place):
        """Send a request that would do whatever the page can do."""
        form = {
            "title": "x", "body": "x", "organ_id": str(place.organ.id), "reason": "x", "note": "x",
            "comment": "x", "confirm": "yes", "act": "return", "revision": "1", "checks": "law",
            "chosen": str(place.things["people"]), "every": "1", "ticket": place.things["check-in"],
            "undo": place.things["check-in"], "from": str(place.things["open-days"]),
            "village_item": FIRST, "government_item": SECOND, "domain": "jiuzhu",
            "word": "x", "other": "y", "names": "张三 13800138000", "slot": place.things["slots"],
        }  # fmt: skip
        headers = {"Accept": "application/json"}
        data = form if method == "POST" else None
        return self.client.open(path, method=method, data=data, headers=headers)


@pytest.fixture
def world(app, tree, plugin_on):
    for name in ("open_day", "notice_board"):
        plugin_on(name, tree.county)
    approve_changes(
        tree.nation,
        DefineDomain("jiuzhu", "社会救助"),
        Define(FIRST, item_fields(responsible_organ=["甲县民政局"])),
        Define(SECOND, item_fields(level2="监督检查", responsible_organ=["甲县民政局"])),
    )
    owner = create_person("owner", Role.OFFICER, tree.county)
    with open_session(Scope.platform("test")) as session:
        county = fill(session, tree.county, "甲县民政局", owner)
        village = fill(session, tree.village, "崾岘村村民委员会", owner)
        other = ensure_organ(session, tree.county, "甲县教育局")
        session.expunge_all()
    app.config["WTF_CSRF_ENABLED"] = False
    rules = [
        rule
        for rule in app.url_map.iter_rules()
        if app.view_functions[rule.endpoint].access.startswith("staff:")
    ]
    assert len(rules) > 100
    return World(app.test_client(), rules, county, village, other)


def read_rows():
    """Read every row of every table, by table and key."""
    with open_session(Scope.platform("test")) as session:
        connection = session.connection()
        return {
            (name, *(row._mapping[column] for column in table.primary_key)): repr(tuple(row))
            for name, table in TABLES.items()
            for row in connection.execute(select(table))
        }


def posts(tree, world: World):
    """Yield where a role is held, for which organ, and the place whose things are asked for."""
    yield "another organ", tree.county, world.other_organ.id, world.county
    yield "a sister", tree.sister_village, None, world.village
    yield "a foreign county", tree.other_county, None, world.county
    yield "a foreign county", tree.other_county, None, world.village
    yield "below", tree.town, None, world.county
    yield "above", tree.county, None, world.village
    yield "above", tree.town, None, world.village


@pytest.mark.both_databases
def test_nobody_gets_at_what_belongs_to_others(app, tree, world, database_kind):
    roles = list(Role) if database_kind == "sqlite" else [Role.OFFICER]
    step = 1 if database_kind == "sqlite" else 5
    people = [
        (where, role, place, create_person(f"{role}-{number}", role, tenant, organ_id=organ))
        for number, (where, tenant, organ, place) in enumerate(posts(tree, world))
        for role in roles
    ]
    with open_session(None) as session:
        keys = {user.id: begin_session(session, user) for user in session.scalars(select(User))}
    before, wrong = read_rows(), []
    for where, role, place, actor in people:
        world.enter(keys[actor.user_id])
        for endpoint, method, path in list(world.addresses(place))[::step]:
            gate = app.view_functions[endpoint].gate
            if gate.admits(actor, place.tenant) and (where == "above" or not gate.has_objects):
                continue  # what reaches down; lists and forms of the own organ are tried below
            answer = world.ask(method, path, place)
            if answer.status_code not in {403, 404} or SECRET.encode() in answer.data:
                wrong.append(f"{where} {role} {method} {endpoint} {path}: {answer.status_code}")
    assert wrong == []
    assert read_rows() == before


def test_lists_and_forms_of_the_own_organ_keep_to_it(app, tree, world):
    other = world.other_organ.id
    actors = [create_person(role, role, tree.county, organ_id=other) for role in Role]
    with open_session(None) as session:
        keys = {user.id: begin_session(session, user) for user in session.scalars(select(User))}
    before, wrong, tried = read_rows(), [], set()
    for actor in actors:
        world.enter(keys[actor.user_id])
        for endpoint, method, path in world.addresses(world.county):
            gate = app.view_functions[endpoint].gate
            if gate.admits(actor, tree.county) and gate.per_organ:
                answer = world.ask(method, path, world.county)
                tried.add(endpoint)
                if answer.status_code >= 500 or SECRET.encode() in answer.data:
                    wrong.append(f"{actor.name} {method} {endpoint}: {answer.status_code}")
    after = read_rows()
    assert wrong == []
    assert len(tried) > 20
    assert {key for key in before if after.get(key) != before[key]} == set()
    owned = [name for name, table in TABLES.items() if "organ_id" in table.c]
    with open_session(Scope.platform("test")) as session:
        for name in owned:
            organ_id = TABLES[name].c.organ_id
            rows = session.connection().execute(select(TABLES[name]).where(organ_id != other))
            assert {(name, row.id) for row in rows} <= before.keys(), name
