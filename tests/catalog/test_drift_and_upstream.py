"""Differences between tenants, and what a layer must decide when the one above changes."""

from core.catalog.domain.changes import Define, DefineDomain, Layer, Refine, Reset, Withdraw
from core.catalog.domain.drift import Holding, drift
from core.catalog.domain.inheritance import resolve
from core.catalog.domain.upstream import list_upstream_changes

NATION = Layer(
    "CN",
    "nation",
    [
        DefineDomain("d", "领域"),
        *(Define(f"i{n}", {"domain": "d", "level1": "名", "mode": "proactive"}) for n in range(3)),
    ],
)


def county(*changes):
    return Layer("990111", "county", changes)


def test_no_layer_below_means_no_drift():
    same = resolve([NATION])

    assert drift([Holding(("a", "b"), same), Holding(("c",), resolve([NATION]))]) == []


def test_drift_names_the_values_their_sources_and_their_tenants():
    local = Layer(
        "t", "township", [Refine("i1", "mode", "on_request", revision=4, reason="县局要求")]
    )
    holdings = [
        Holding(("990111", "s"), resolve([NATION])),
        Holding(("t", "v"), resolve([NATION, local])),
        Holding(("w",), resolve([NATION, Layer("w", "village", [Withdraw("i2", reason="无")])])),
    ]

    first, second = drift(holdings)

    assert first.item.item_id == "i1"
    [field] = first.fields
    assert field.field == "mode"
    assert [(v.value, v.source.tenant, v.tenants) for v in field.variants] == [
        ("proactive", "CN", ("990111", "s", "w")),
        ("on_request", "t", ("t", "v")),
    ]
    assert field.variants[1].source.reason == "县局要求"
    assert second.item.item_id == "i2"
    assert [(a.source.reason, a.tenants) for a in second.withdrawn] == [("无", ("w",))]


def test_items_of_one_tenant_alone_are_no_drift():
    own = Layer("t", "township", [Define("t-1", {"domain": "d"})])

    assert (
        drift([Holding(("a",), resolve([NATION])), Holding(("t",), resolve([NATION, own]))]) == []
    )


def test_the_same_value_from_two_layers_is_no_drift():
    said_twice = [Layer("t", "township", [Refine("i1", "mode", "proactive")])]

    assert (
        drift([Holding(("a",), resolve([NATION])), Holding(("t",), resolve([NATION, *said_twice]))])
        == []
    )


def test_a_changed_base_waits_for_a_decision_until_it_is_made():
    refined = Refine("i0", "level1", "本地名", "名", revision=1)
    renamed = Layer(
        "CN", "nation", [*NATION.changes, Refine("i0", "level1", "新名", "名", revision=2)]
    )

    assert list_upstream_changes(resolve([NATION, county(refined)]), "990111") == []
    [waiting] = list_upstream_changes(resolve([renamed, county(refined)]), "990111")
    assert (waiting.id, waiting.base, waiting.upstream, waiting.local) == (
        "i0:level1",
        "名",
        "新名",
        "本地名",
    )
    assert not waiting.redundant

    kept = Refine("i0", "level1", "本地名", "新名", revision=2)
    assert list_upstream_changes(resolve([renamed, county(refined, kept)]), "990111") == []
    accepted = resolve([renamed, county(refined, Reset("i0", "level1", revision=2))])
    assert list_upstream_changes(accepted, "990111") == []
    assert accepted.items["i0"].fields["level1"] == "新名"


def test_a_refinement_that_has_become_equal_is_offered_for_removal():
    refined = Refine("i0", "level1", "新名", "名", revision=1)
    renamed = Layer(
        "CN", "nation", [*NATION.changes, Refine("i0", "level1", "新名", "名", revision=2)]
    )

    [waiting] = list_upstream_changes(resolve([renamed, county(refined)]), "990111")

    assert waiting.redundant


def test_a_layers_changes_of_its_own_items_wait_for_nobody():
    own = county(
        Define("x", {"domain": "d", "mode": "proactive"}), Refine("x", "mode", "on_request")
    )

    assert list_upstream_changes(resolve([NATION, own]), "990111") == []
