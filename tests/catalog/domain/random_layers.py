"""Random layers for tests: every kind of change, sensible or not."""

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

CODES = ("CN", "999901", "999901100", "999901100001")
LEVELS = ("nation", "county", "township", "village")
KINDS = ("nation", "county", "town", "village")

ids = st.sampled_from([f"i{n}" for n in range(5)])
names = st.sampled_from([*FIELDS[:6], "levels", "not_a_field"])
keys = st.sampled_from(["d0", "d1", "d2"])
values = st.one_of(
    st.none(),
    keys,
    st.text("公a1 ", max_size=3),
    st.lists(st.sampled_from(["county", "township", "village"]), max_size=3),
    st.dictionaries(st.sampled_from(["raw", "rule"]), st.none() | st.text("公a1 ", max_size=2)),
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
