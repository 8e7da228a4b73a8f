"""A list that comes again: what was edited here stays, what changed there comes."""

from hypothesis import given
from hypothesis import strategies as st

from core.tables.lists.merging import MergedFields, merge_fields, undo_fields

fields = st.dictionaries(st.sampled_from("abc"), st.sampled_from(["", None, "1", "2", []]))


def test_what_was_edited_here_stays():
    last, here = {"a": "1", "b": "1", "c": "1"}, {"a": "1", "b": "2", "c": "1"}
    merged = merge_fields(last, here, {"a": "3", "b": "3", "c": "1"})
    assert merged == MergedFields({"a": "3"}, ("b",))


def test_a_thing_that_no_list_had_is_filled_where_it_says_nothing():
    merged = merge_fields(None, {"a": "", "b": "2"}, {"a": "1", "b": "3"})
    assert merged == MergedFields({"a": "1"}, ("b",))


@given(last=fields, here=fields)
def test_the_same_list_again_changes_nothing(last, here):
    assert merge_fields(last, here, last) == MergedFields()


@given(last=st.none() | fields, here=fields, now=fields)
def test_an_import_is_undone_as_a_whole(last, here, now):
    taken = merge_fields(last, here, now).taken
    before = {name: here.get(name) for name in taken}
    undone = undo_fields(before, taken, here | taken)
    assert undone.kept == ()
    assert here | taken | undone.taken == here | before
