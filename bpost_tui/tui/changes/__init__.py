"""Features that change the library: marks, flags, lists of the reader's own, and what other machines have changed."""
