"""The fold of layers: what each change does, said in tables and small stories."""

import pytest

from core.catalog.domain.changes import (
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
from core.catalog.domain.inheritance import (
    ConflictKind,
    EffectiveCatalog,
    items_for_level,
    items_without_levels,
    resolve,
)

ITEM = "CN-yanglao-001"


def nation(*changes):
    base = [
        DefineDomain("yanglao", "养老服务", revision=1),
        Define(ITEM, {"domain": "yanglao", "level1": "政策", "mode": "proactive"}, revision=1),
    ]
    return Layer("CN", "nation", [*base, *changes], kind="nation")


def county(*changes):
    return Layer("999901", "county", changes, kind="county")


def town(*changes, kind="town"):
    return Layer("999901100", "township", changes, kind=kind)


def village(*changes):
    return Layer("999901100001", "village", changes, kind="village")


def kinds_of(catalog: EffectiveCatalog):
    return [conflict.kind for conflict in catalog.conflicts]


def test_untouched_fields_flow_down_and_keep_their_origin():
    catalog = resolve([nation(), county(), town(), village()])

    item = catalog.items[ITEM]
    assert item.fields["level1"] == "政策"
    assert item.origin("level1").tenant == "CN"
    assert item.fields is item.definition


def test_a_refinement_changes_one_field_here_and_below_with_its_reason():
    layers = [nation(), county(Refine(ITEM, "level1", "法规", "政策", revision=2, reason="并入"))]

    item = resolve([*layers, village()]).items[ITEM]

    assert item.fields["level1"] == "法规"
    assert item.fields["mode"] == "proactive"
    assert (item.origin("level1").tenant, item.origin("level1").reason) == ("999901", "并入")
    assert item.defined.tenant == "CN"
    assert item.refinements["level1"].base == "政策"
    assert item.upstream("level1") == "政策"
    assert resolve(layers[:1]).items[ITEM].fields["level1"] == "政策"


def test_the_lowest_refinement_wins_and_remembers_the_one_above():
    catalog = resolve(
        [
            nation(),
            county(Refine(ITEM, "level1", "县", "政策", revision=1)),
            town(Refine(ITEM, "level1", "镇", "县", revision=1)),
        ]
    )

    item = catalog.items[ITEM]
    assert item.fields["level1"] == "镇"
    assert item.upstream("level1") == "县"


def test_a_second_refinement_of_one_layer_replaces_its_first():
    catalog = resolve(
        [
            nation(),
            county(
                Refine(ITEM, "level1", "甲", "政策", revision=1),
                Refine(ITEM, "level1", "乙", "政策", revision=2),
            ),
        ]
    )

    assert catalog.items[ITEM].fields["level1"] == "乙"
    assert catalog.items[ITEM].upstream("level1") == "政策"


@pytest.mark.parametrize("above", [[], [Refine(ITEM, "level1", "县", "政策", revision=1)]])
def test_a_reset_field_shows_what_comes_from_above(above):
    catalog = resolve(
        [
            nation(),
            county(*above),
            town(
                Refine(ITEM, "level1", "镇", "政策", revision=1), Reset(ITEM, "level1", revision=2)
            ),
        ]
    )

    item = catalog.items[ITEM]
    assert item.fields["level1"] == ("县" if above else "政策")
    assert item.origin("level1").tenant == ("999901" if above else "CN")


def test_a_locked_field_cannot_be_refined_below_but_by_its_own_layer():
    catalog = resolve(
        [
            nation(),
            county(Lock(ITEM, "mode", revision=1), Refine(ITEM, "mode", "on_request", revision=2)),
            town(Refine(ITEM, "mode", "proactive", revision=1)),
        ]
    )

    item = catalog.items[ITEM]
    assert item.fields["mode"] == "on_request"
    assert item.locked["mode"].tenant == "999901"
    assert kinds_of(catalog) == [ConflictKind.LOCKED_FIELD]
    assert catalog.conflicts[0].source.tenant == "999901100"


def test_a_later_lock_above_sets_aside_the_refinement_below():
    refined = town(Refine(ITEM, "mode", "on_request", "proactive", revision=1))
    locking = nation(Lock(ITEM, "mode", revision=2))

    assert resolve([nation(), county(), refined]).items[ITEM].fields["mode"] == "on_request"
    assert resolve([locking, county(), refined]).items[ITEM].fields["mode"] == "proactive"


def test_a_withdrawn_item_is_gone_here_and_below_only():
    layers = [nation(), county(Withdraw(ITEM, revision=3, reason="无此业务")), village()]

    catalog = resolve(layers)

    assert ITEM not in catalog.items
    assert catalog.withdrawn[ITEM].source.reason == "无此业务"
    assert ITEM in resolve(layers[:1]).items


def test_what_was_withdrawn_above_cannot_be_refined_or_defined_again():
    catalog = resolve(
        [
            nation(),
            county(Withdraw(ITEM)),
            town(Refine(ITEM, "mode", "on_request"), Define(ITEM, {"domain": "yanglao"})),
        ]
    )

    assert kinds_of(catalog) == [ConflictKind.WITHDRAWN_ITEM, ConflictKind.DUPLICATE_ITEM]


def test_a_domain_that_does_not_apply_takes_later_items_from_above_with_it():
    later = Define("CN-yanglao-002", {"domain": "yanglao"}, revision=9)
    statement = WithdrawDomain("yanglao", revision=1, reason="未涉及该领域")

    catalog = resolve([nation(later), county(statement), village()])

    assert not catalog.items
    assert set(catalog.withdrawn) == {ITEM, "CN-yanglao-002"}
    assert catalog.not_applicable["yanglao"].reason == "未涉及该领域"
    assert not catalog.conflicts


def test_an_item_defined_in_a_domain_that_does_not_apply_is_a_conflict():
    own = Define("999901100-yanglao-001", {"domain": "yanglao"}, revision=1)

    catalog = resolve([nation(), county(WithdrawDomain("yanglao")), town(own)])

    assert not catalog.items
    assert kinds_of(catalog) == [ConflictKind.DOMAIN_NOT_APPLICABLE]


@pytest.mark.parametrize(
    ("change", "kind"),
    [
        (Define(ITEM, {"domain": "yanglao"}), ConflictKind.DUPLICATE_ITEM),
        (DefineDomain("yanglao", "养老"), ConflictKind.DUPLICATE_DOMAIN),
        (Define("x", {"domain": "nothing"}), ConflictKind.UNKNOWN_DOMAIN),
        (Define("x", {"domain": ["odd"]}), ConflictKind.UNKNOWN_DOMAIN),
        (Refine("x", "mode", "proactive"), ConflictKind.UNKNOWN_ITEM),
        (Refine(ITEM, "colour", "red"), ConflictKind.UNKNOWN_FIELD),
        (Lock("x", "mode"), ConflictKind.UNKNOWN_ITEM),
        (Withdraw("x"), ConflictKind.UNKNOWN_ITEM),
        (Reset("x", "mode"), ConflictKind.UNKNOWN_ITEM),
    ],
)
def test_what_does_not_fit_comes_back_as_a_value(change, kind):
    catalog = resolve([nation(), county(change)])

    assert kinds_of(catalog) == [kind]
    assert catalog.items[ITEM].fields is catalog.items[ITEM].definition


def test_a_change_for_towns_holds_in_towns_and_their_villages_only():
    limited = county(Refine(ITEM, "mode", "on_request", kinds=frozenset({"town"})))

    def mode(*below):
        return resolve([nation(), limited, *below]).items[ITEM].fields["mode"]

    assert mode() == "proactive"
    assert mode(town()) == "on_request"
    assert mode(town(), village()) == "on_request"
    assert mode(town(kind="street")) == "proactive"
    assert mode(town(kind="street"), village()) == "proactive"


def test_an_undone_revision_never_happened():
    changes = [
        Withdraw(ITEM, revision=1),
        Define("y", {"domain": "yanglao"}, revision=2),
        Undo(1, revision=3),
    ]

    assert set(resolve([nation(), county(*changes)]).items) == {ITEM, "y"}
    assert set(resolve([nation(), county(*changes, Undo(3, revision=4))]).items) == {"y"}


def test_an_undo_reaches_back_only():
    changes = [Undo(2, revision=1), Withdraw(ITEM, revision=2), Undo(2, revision=2)]

    assert ITEM not in resolve([nation(), county(*changes)]).items


def test_items_are_shown_at_their_levels_and_everywhere_while_these_are_unknown():
    define = [
        Define("a", {"domain": "yanglao", "levels": ["county", "township"]}),
        Define("b", {"domain": "yanglao", "levels": ["village"]}),
        Define("c", {"domain": "yanglao", "levels": None}),
    ]
    catalog = resolve([nation(Withdraw(ITEM), *define)])

    def shown(level):
        return [item.item_id for item in items_for_level(catalog, level)]

    assert shown("county") == ["a", "c"]
    assert shown("village") == ["b", "c"]
    assert shown("nation") == shown("province") == ["a", "b", "c"]
    assert [item.item_id for item in items_without_levels(catalog.items.values())] == ["c"]
