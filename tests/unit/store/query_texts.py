"""Hypothesis strategy for search queries: any text, and pieces of the query language in any order."""

from __future__ import annotations

from hypothesis import strategies as st

_WORDS = ["or", "OR", "AND", "NOT", "NEAR(", "headline", "tag:", "is:unread", "after:", "7d", "কলকাতা", "ab"]
_SIGNS = ['"', "“", "-", "*", "^", "(", ")", "{", "}", "+", ":", "'", " ", "\0", "\ud800"]

QUERIES = st.text(max_size=60) | st.lists(st.sampled_from([*_WORDS, *_SIGNS]), max_size=14).map("".join)
