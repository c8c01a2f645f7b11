"""Giving free memory back to the system."""

from __future__ import annotations

import sys


def return_free_memory() -> None:
    """Return what the C library holds free to the system, where it is glibc; it takes a thread 1 or 2 ms.

    Each thread that reads the library has a heap of its own, and glibc keeps what was freed in all of them: 8 MB after some
    hundred stories (malloc_trim(3)).
    """
    if not sys.platform.startswith("linux"):
        return
    import ctypes  # 7 ms

    trim = getattr(ctypes.CDLL(None), "malloc_trim", None)  # musl has none
    if trim is not None:
        trim(0)
