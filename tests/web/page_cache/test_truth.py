"""Whatever happens in a tree, a kept page is to the byte what would be made at this moment."""

import itertools
from contextlib import suppress
from datetime import timedelta

from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)
from sqlalchemy import select

from core import clock
from core.catalog.domain.changes import Refine, Withdraw
from core.db.scope import Scope, open_session
from core.db.tree import Tenant
from core.errors import Conflict, Invalid
from core.permissions import OPERATOR
from core.publishing.content import Content
from core.publishing.models import Publication
from core.publishing.vocabulary import NOTICE, POLICY
from core.publishing.workflow.publish import expire_due
from core.tenancy.domain import Level
from core.tenancy.models import Organ
from core.tenancy.service import create_tenant
from core.testing.factories.catalog import FIRST, SECOND, approve_changes, define_items
from core.testing.factories.plugins import set_policy
from core.testing.factories.publishing import correct_at, publish_at, withdraw
from core.testing.kit import index_changes, open_search_index
from core.testing.pages import url_for
from core.web.page_cache.verdict import page_cache
from plugins.service_map.tests.public.points import put_point

LEVELS = ("county", "township", "village")
PLACES = ("county", "town", "village", "far_village", "other_county")
PLUGINS = ("feeds", "notice_board", "open_day", "service_map")
# Pages that are read again and again between changes: place, address, choices of the reader.
READ = (
    ("county", "portal.home", (), ""),
    ("village", "portal.home", (), "gk_lang=en"),
    ("county", "publishing.index", (), ""),
    ("town", "publishing.index", (), "gk_variant=hant"),
    ("county", "catalog.item", (FIRST,), ""),
    ("far_village", "catalog.domain", ("jiuzhu",), ""),
    ("county", "catalog.index", (), ""),
    ("county", "plugin_feeds.atom", (), ""),
    ("town", "plugin_open_day.index", (), ""),
    ("village", "plugin_service_map.index", (), ""),
    ("village", "portal.places", (), "gk_elder=1; gk_contrast=high"),
    ("town", "search.page", (), ""),
    ("village", "publishing.show", ("newest",), ""),
    ("other_county", "publishing.show", ("newest",), ""),
)
# Open in every other hour, so that an hour and a half changes what is said of it.
BY_TURNS = "每天 " + ",".join(f"{hour}:00-{hour + 1}:00" for hour in range(0, 24, 2))
HOURS = ("每天24小时", "周一至周五 8:30-12:00,14:30-18:00", BY_TURNS, "以电话为准")
WORDS = ("低保标准", "危房改造", "义务教育")
# An address that no cache answers: it comes with a session, which is nobody's.
UNCACHED = "gk_session=none"

places = st.sampled_from(PLACES)
numbers = itertools.count(1)


class Site(RuleBasedStateMachine):
    """A site whose pages are read between changes; `app`, `tree` and `clock` are given."""

    app, tree, advance = None, None, None

    @initialize()
    def begin_with_something_to_change(self):
        """Each place has an organ, a list that is public for a day, and a service point."""
        for place in PLACES:
            self.publish(place, WORDS[0], NOTICE, ahead=None, days=1)
            self.open_point(place, BY_TURNS)
        set_policy("service_map", self.tree.county)

    @rule(place=places, title=st.sampled_from(WORDS), genre=st.sampled_from((NOTICE, POLICY)),
          ahead=st.sampled_from((None, None, 90)), days=st.sampled_from((None, 1)))  # fmt: skip
    def publish_more(self, place, title, genre, ahead, days):
        self.publish(place, title, genre, ahead=ahead, days=days)

    def publish(self, place, title, genre, *, ahead, days):
        tenant = getattr(self.tree, place)
        at = clock.now() + timedelta(minutes=ahead) if ahead else None
        content = Content(title=f"{title}{next(numbers)}", body_source="正文", genre=genre,
                          published_at=at, publicity_days=days, item_id=FIRST)  # fmt: skip
        with open_session(Scope.own(tenant)) as session:
            publish_at(session, tenant, content)

    @rule(place=places, title=st.sampled_from(WORDS))
    def correct(self, place, title):
        tenant = getattr(self.tree, place)
        with open_session(Scope.own(tenant)) as session:
            found = self.find_published(session)
            if found is not None:
                correct_at(session, tenant, found.id, title=f"{title}更正{next(numbers)}")

    @rule(place=places)
    def withdraw(self, place):
        with open_session(Scope.own(getattr(self.tree, place))) as session:
            found = self.find_published(session)
            if found is not None:
                withdraw(session, OPERATOR, found, "有误")

    def newest(self, place):
        """The number of what a place published last."""
        with open_session(Scope.own(getattr(self.tree, place))) as session:
            found = self.find_published(session)
            return found.id if found else 1

    @staticmethod
    def find_published(session):
        live = select(Publication).where(Publication.state == "published")
        return session.scalars(live.order_by(Publication.id.desc())).first()

    @rule(place=st.sampled_from(("nation", *PLACES)), withdrawn=st.booleans())
    def change_catalog(self, place, withdrawn):
        tenant = getattr(self.tree, place)
        change = Refine(FIRST, "level2", f"政策{next(numbers)}", base=None)
        if withdrawn and place != "nation":
            change = Withdraw(SECOND)
        with suppress(Invalid, Conflict):  # withdrawn already
            approve_changes(tenant, change)

    @rule(place=places, plugin=st.sampled_from(PLUGINS), policy=st.sampled_from(("on", "off")))
    def switch(self, place, plugin, policy):
        set_policy(plugin, getattr(self.tree, place), policy)

    @rule(place=places, hours=st.sampled_from(HOURS))
    def open_more(self, place, hours):
        self.open_point(place, hours)

    def open_point(self, place, hours):
        tenant = getattr(self.tree, place)
        with open_session(Scope.own(tenant)) as session:
            put_point(session, tenant, f"服务站{next(numbers)}", hours_text=hours)

    @rule(place=places)
    def rename_organ(self, place):
        tenant = getattr(self.tree, place)
        with open_session(Scope.own(tenant)) as session:
            for organ in session.scalars(select(Organ).where(Organ.tenant_id == tenant.id)):
                organ.name = f"民政局{next(numbers)}"

    @rule(place=places)
    def rename_place(self, place):
        with open_session(None) as session:
            found = session.get(Tenant, getattr(self.tree, place).id)
            found.name = f"新名{next(numbers)}"

    @rule()
    def found_village(self):
        number = next(numbers)
        with open_session(None) as session:
            town = session.get(Tenant, self.tree.town.id)
            code = f"{town.division_code}{300 + number % 600}"
            name = f"新村{number}村委会"
            create_tenant(session, code=code, name=name, level=Level.VILLAGE, parent=town)

    @rule(minutes=st.sampled_from((1, 90, 60 * 24, 60 * 24)))
    def wait(self, minutes):
        type(self).advance(minutes)

    @rule()
    def close_publicity(self):
        with open_session(Scope.platform("test")) as session:
            expire_due(session)

    @rule()
    def index(self):
        index_changes()

    @invariant()
    def kept_pages_are_true(self):
        client = self.app.test_client(use_cookies=False)
        for place, endpoint, parts, cookie in READ:
            query = {"q": WORDS[0]} if endpoint == "search.page" else {}
            named = (self.newest(place) if each == "newest" else each for each in parts)
            address = url_for(endpoint, *named, place=getattr(self.tree, place), **query)
            kept = client.get(address, headers={"Cookie": cookie})
            made = client.get(address, headers={"Cookie": f"{cookie}; {UNCACHED}"})
            assert kept.status_code == made.status_code, address
            assert kept.data == made.data, address


def run_site(machine, app, tree, set_clock, **bounds):
    """Run a machine of this kind over a tree with two items, the same steps every time."""
    open_search_index()
    items = {FIRST: ("政策法规文件", LEVELS), SECOND: ("办理流程", LEVELS)}
    define_items(tree.nation, "jiuzhu", "社会救助", items)
    elapsed = [clock.now()]

    def advance(minutes):
        elapsed[0] += timedelta(minutes=minutes)
        set_clock(elapsed[0])

    advance(0)
    machine.app, machine.tree, machine.advance = app, tree, staticmethod(advance)
    steps = settings(
        deadline=None,
        derandomize=True,
        database=None,
        suppress_health_check=list(HealthCheck),
        **bounds,
    )
    run_state_machine_as_test(machine, settings=steps)


def test_kept_pages_are_true(app, tree, set_clock):
    app.extensions["gongkai"].plugin_call_seconds = 60
    app.extensions["gongkai"].plugin_page_seconds = 120
    # A step renders dozens of pages: nothing is made smaller.
    bounds = {"max_examples": 4, "stateful_step_count": 12, "phases": (Phase.generate,)}
    run_site(Site, app, tree, set_clock, **bounds)
    assert page_cache().statistics["hits"] > 20
