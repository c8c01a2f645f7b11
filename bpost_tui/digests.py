"""Hash function `blake2b` of the standard library, without the 9 ms that `hashlib` takes to load OpenSSL."""

from __future__ import annotations

__all__ = ["blake2b"]

try:
    from _blake2 import blake2b  # private, so another Python may lack it
except ImportError:
    from hashlib import blake2b
