"""What holds for every set of layers, however odd."""

from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from core.catalog.domain.changes import (
    FIELDS,
    Define,
    DefineDomain,
    Layer,
    Lock,
    Refine,
    Reset,
    Undo,
    Withdraw,
    WithdrawDomain,
)
from core.catalog.domain.inheritance import add_layer, items_for_level, resolve
from tests.catalog.domain.plain_fold import PlainFold

CODES = ("CN", "999901", "999901100", "999901100001")
LEVELS = ("nation", "county", "township", "village")
KINDS = ("nation", "county", "town", "village")

ids = st.sampled_from([f"i{n}" for n in range(5)])
names = st.sampled_from([*FIELDS[:6], "levels", "not_a_field"])
keys = st.sampled_from(["d0", "d1", "d2"])
values = st.one_of(
    st.none(),
    keys,
    st.text(max_size=3),
    st.lists(st.sampled_from(["county", "township", "village"]), max_size=3),
    st.dictionaries(st.sampled_from(["raw", "rule"]), st.none() | st.text(max_size=2)),
)
header = {
    "revision": st.integers(0, 4),
    "reason": st.none() | st.just("理由"),
    "kinds": st.sampled_from([frozenset(), frozenset(), frozenset({"town"})]),
}
changes = st.one_of(
    st.builds(Define, ids, st.dictionaries(names, values, max_size=4), **header),
    st.builds(DefineDomain, keys, st.just("领域"), **header),
    st.builds(Refine, ids, names, values, values, **header),
    st.builds(Reset, ids, names, **header),
    st.builds(Withdraw, ids, **header),
    st.builds(WithdrawDomain, keys, **header),
    st.builds(Lock, ids, names, **header),
    st.builds(Undo, st.integers(0, 4), **header),
)


@st.composite
def chains(draw):
    depth = draw(st.integers(1, 4))
    return [
        Layer(CODES[n], LEVELS[n], draw(st.lists(changes, max_size=8)), KINDS[n])
        for n in range(depth)
    ]


@given(chains())
def test_every_chain_has_exactly_one_answer(layers):
    assert resolve(layers) == resolve(layers)
    for level in LEVELS:
        items_for_level(resolve(layers), level)


@settings(max_examples=300)
@given(chains())
def test_folding_layer_by_layer_equals_the_plain_fold(layers):
    catalog, plain = resolve(layers), PlainFold(layers)

    assert catalog == plain.catalog()
    assert catalog.conflicts == plain.all_conflicts()
    for mine, its in ((catalog.items, plain.items), (catalog.withdrawn, plain.withdrawn)):
        assert list(mine) == list(its)


@given(chains(), st.lists(changes, max_size=8))
def test_adding_a_layer_leaves_the_catalog_above_alone(layers, below):
    above = resolve(layers)
    before = repr(above)

    add_layer(above, Layer("below", "village", below, "village"), {"village"})

    assert repr(above) == before


@given(chains(), st.integers(0, 4))
def test_an_empty_layer_changes_nothing(layers, position):
    empty = Layer("empty", "city", (), "city")

    assert resolve([*layers[:position], empty, *layers[position:]]) == resolve(layers)


@given(chains())
def test_resolving_leaves_its_input_alone(layers):
    before = repr(layers)

    resolve(layers)

    assert repr(layers) == before


@given(chains())
def test_saying_a_refinement_lock_or_withdrawal_twice_is_saying_it_once(layers):
    def doubled(layer):
        twice = []
        for change in layer.changes:
            repeats = 2 if isinstance(change, Refine | Lock | Withdraw | Reset) else 1
            twice += [change] * repeats
        return replace(layer, changes=twice)

    once, again = resolve(layers), resolve([doubled(layer) for layer in layers])

    assert again.items == once.items
    assert again.withdrawn == once.withdrawn
    assert set(map(repr, again.conflicts)) == set(map(repr, once.conflicts))


@given(chains(), st.lists(changes, max_size=8))
def test_a_lock_is_never_weaker_below(layers, below):
    above = resolve(layers)

    catalog = resolve([*layers, Layer("below", "village", below, layers[-1].kind)])

    for item_id, item in catalog.items.items():
        before = above.items.get(item_id)
        for name in before.locked if before else ():
            assert name in item.locked
            assert item.fields.get(name) == before.fields.get(name)


@given(chains(), st.lists(changes, max_size=8))
def test_what_is_withdrawn_above_never_comes_back_below(layers, below):
    above = resolve(layers)

    catalog = resolve([*layers, Layer("below", "village", below, layers[-1].kind)])

    assert set(above.withdrawn) <= set(catalog.withdrawn)
    assert not set(catalog.items) & set(catalog.withdrawn)


@given(st.permutations(range(5)), st.data())
def test_the_order_of_unrelated_changes_does_not_matter(order, data):
    define = [DefineDomain("d0", "领域")]
    define += [Define(f"i{n}", {"domain": "d0", "mode": "proactive"}) for n in range(5)]
    options = [
        lambda n: Refine(f"i{n}", "mode", "on_request"),
        lambda n: Lock(f"i{n}", "mode"),
        lambda n: Withdraw(f"i{n}"),
        lambda n: Refine("unknown", "mode", str(n)),
    ]
    said = [data.draw(st.sampled_from(options))(n) for n in range(5)]

    straight = resolve([Layer("CN", "nation", define), Layer("1", "county", said)])
    mixed = resolve([Layer("CN", "nation", define), Layer("1", "county", [said[n] for n in order])])

    assert mixed.items == straight.items
    assert mixed.withdrawn == straight.withdrawn
    assert set(map(repr, mixed.conflicts)) == set(map(repr, straight.conflicts))


@given(chains())
def test_a_catalog_written_down_as_one_layer_resolves_to_itself(layers):
    catalog = resolve(layers)
    flat = [DefineDomain(key, domain.name) for key, domain in catalog.domains.items()]
    flat += [Define(item_id, item.fields) for item_id, item in catalog.items.items()]

    again = resolve([Layer("flat", "county", flat)])

    assert {k: v.fields for k, v in again.items.items()} == {
        k: v.fields for k, v in catalog.items.items()
    }


@given(chains())
def test_every_value_is_where_its_origin_says(layers):
    catalog = resolve(layers)

    for item in catalog.items.values():
        for name, refinement in item.refinements.items():
            assert item.fields[name] == refinement.value
            assert item.origin(name) == refinement.source
        for name in item.definition.keys() - item.refinements.keys():
            assert item.fields[name] == item.definition[name]
