import difflib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gaebot.bot.review.hunks import hunks
from tests.bot.fake_forge import new_sides, patch_of, split

LINES = st.lists(
    st.sampled_from(["a", "b", "", "@@ -1,2 +1,2 @@", "+x", "-y", "\\ No newline", " z"]), max_size=40
)


@pytest.mark.parametrize("patch", [None, "", "no hunk", "@@ nonsense @@\n+a", "Binary files differ"])
def test_no_hunks(patch):
    assert hunks(patch) == ()


def test_a_changed_line_and_what_is_around_it():
    (hunk,) = hunks("@@ -3,3 +3,4 @@ def f():\n a\n-b\n+c\n+d\n e")
    assert (hunk.start, hunk.end, hunk.lines, hunk.added) == (3, 6, ("a", "c", "d", "e"), {4, 5})


def test_what_looks_like_a_header_in_a_line_is_a_line():
    (hunk,) = hunks("@@ -0,0 +1,2 @@\n+@@ -1 +1 @@\n+b\n\\ No newline at end of file")
    assert hunk.lines == ("@@ -1 +1 @@", "b")


def test_a_hunk_that_is_cut_is_none_and_what_follows_is_not_trusted():
    assert hunks("@@ -1,9 +1,9 @@\n a\n+b") == ()
    assert hunks("@@ -1,2 +1,2 @@\n a\n?b\n@@ -9 +9 @@\n-a\n+b") == ()


def test_hunks_that_only_remove_hold_nothing():
    assert hunks("@@ -1,2 +0,0 @@\n-a\n-b") == ()


@given(LINES, LINES, st.booleans(), st.booleans())
def test_they_are_what_the_files_say(old_lines, new_lines, old_ends, new_ends):
    old = "\n".join(old_lines) + "\n" * old_ends
    new = "\n".join(new_lines) + "\n" * new_ends
    found = hunks(patch_of(old, new))
    whole = [line.removesuffix("\n") for line in split(new)]
    for hunk in found:
        assert hunk.texts(hunk.start, hunk.end) == tuple(whole[hunk.start - 1 : hunk.end])
    codes = difflib.SequenceMatcher(None, split(old), split(new)).get_opcodes()
    changed = {at + 1 for tag, _, _, first, last in codes if tag != "equal" for at in range(first, last)}
    assert {line for hunk in found for line in hunk.added} == changed
    if not any(line[:3] in {"@@ ", "\\ N"} for line in [*old_lines, *new_lines]):
        assert [set(range(h.start, h.end + 1)) for h in found] == [
            s for s in new_sides(patch_of(old, new)) if s
        ]
