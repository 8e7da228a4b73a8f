"""No answer tells who gave a score: all addresses, for everybody and for the staff of the judged.

A leak that is put in on purpose is found, so that the search is known to look.
"""

import pytest
from jinja2 import ChoiceLoader, DictLoader
from sqlalchemy import select
from werkzeug.routing import BuildError

from core.sdk import PublishedResults, Scope, open_session
from core.testing.factories.people import create_person
from core.testing.factories.plugins import choose_settings
from plugins.supervisor_evaluation.campaigns.lifecycle import publish_campaign
from plugins.supervisor_evaluation.models.register import EvaluationSupervisor

PLUGIN = "supervisor_evaluation"
CORE = {"console.home", "portal.home", "search.search", "portal.feed"}
LEAK = "{% block content %}"


@pytest.fixture
def judged(office, organ_staff, tree, set_clock):
    """A published campaign of two departments and a township, whose reasons name people."""
    choose_settings(PLUGIN, office.tenant, lists_names="0")
    number = office.make_draft(townships=[tree.town], level="grades_and_scores")
    office.open_scoring(number, set_clock)
    with open_session(Scope.own(office.tenant)) as session:
        people = session.scalars(select(EvaluationSupervisor)).all()
        words = [word for each in people for word in (each.name, each.phone)]
    office.score_all(number, reason="、".join(words))
    for _phase in ("verification", "reply", "over"):
        office.pass_phase(number, set_clock)
    office.change(number, publish_campaign)
    create_person("town", "officer", tree.town)
    return number, words


def list_addresses(app, office, number, place):
    """List every page of the plugin, and the first pages of the place, that need no other id."""
    subjects = office.change(number, lambda _ctx, row: [each.id for each in row.subjects])
    rules = [rule for rule in app.url_map.iter_rules() if "GET" in rule.methods]
    with app.test_request_context("/"):
        adapter = app.url_map.bind("localhost")
        for rule in rules:
            if PLUGIN not in rule.endpoint and rule.endpoint not in CORE:
                continue
            for subject in subjects if "subject_id" in rule.arguments else subjects[:1]:
                ids = {"code": place.division_code, "campaign_id": number, "subject_id": subject}
                values = {key: ids[key] for key in rule.arguments & ids.keys()}
                try:
                    yield adapter.build(rule.endpoint, values)
                except BuildError:
                    continue


def find_leaks(app, client, office, tree, judged):
    """Return the addresses whose answers hold a name or number of a supervisor, by who asks."""
    number, words = judged
    leaks, answered = set(), 0
    for who, place in (("", tree.county), ("water", tree.county), ("", tree.town),
                       ("town", tree.town)):  # fmt: skip
        client.sign_out()
        if who:
            client.sign_in(who)
        for address in list_addresses(app, office, number, place):
            answer = client.get(address, allowed={302, 303, 403, 404, 405, 409})
            answered += answer.status == 200
            source = answer.data.decode("utf-8", "replace")
            leaks |= {(who, address) for word in words if word in source}
    assert answered > 40
    return leaks


def test_no_answer_tells_who_gave_a_score(app, client, office, tree, judged):
    assert find_leaks(app, client, office, tree, judged) == set()


@pytest.mark.parametrize(
    ("template", "asker", "part"),
    [
        ("console/answers/show", "water", "/own/"),
        ("console/own_result", "town", "/own-results/"),
        ("results/show", "", "/results/"),
        ("index", "", "/evaluation/"),
    ],
)
def test_a_leak_in_a_page_is_found(  # noqa: PLR0917 - fixtures
    app, client, office, tree, judged, monkeypatch, template, asker, part
):
    name = f"{PLUGIN}/{template}.html"
    source, _file, _fresh = app.jinja_env.loader.get_source(app.jinja_env, name)
    leaking = DictLoader({name: source.replace(LEAK, LEAK + judged[1][0], 1)})
    monkeypatch.setattr(app.jinja_env, "loader", ChoiceLoader([leaking, app.jinja_env.loader]))
    app.jinja_env.cache.clear()
    leaks = find_leaks(app, client, office, tree, judged)
    app.jinja_env.cache.clear()
    assert any(who == asker and part in address for who, address in leaks)


def test_a_leak_in_open_data_is_found(  # noqa: PLR0917 - fixtures
    app, client, office, tree, judged, monkeypatch
):
    told = PublishedResults.to_open_data
    monkeypatch.setattr(
        PublishedResults, "to_open_data", lambda one: told(one) | {"by": judged[1][:1]}
    )
    leaks = find_leaks(app, client, office, tree, judged)
    assert {address.rpartition("/")[2] for _who, address in leaks} == {"results.json"}
