"""What holds for every set of layers, however odd."""

from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from core.catalog.domain.changes import (
    Define,
    DefineDomain,
    Layer,
    Lock,
    Refine,
    Reset,
    Withdraw,
)
from core.catalog.domain.inheritance import (
    NO_CATALOG,
    add_layer,
    items_for_level,
    resolve,
)
from tests.catalog.domain.plain_fold import PlainFold
from tests.catalog.domain.random_layers import LEVELS, chains, changes


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


@given(chains())
def test_the_index_lists_the_items_that_a_level_publishes_under(layers):
    catalog = NO_CATALOG
    for position, layer in enumerate(layers):
        kinds = {lower.kind for lower in layers[position:]}
        catalog = add_layer(catalog, layer, kinds)
        for level in LEVELS:
            listed = catalog.index.by_domain(catalog, level)
            wanted = items_for_level(catalog, level)
            assert {key: list(ids) for key, ids in listed.items()} == {
                key: [item.item_id for item in wanted if item.domain == key]
                for key in {item.domain for item in wanted}
            }


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
