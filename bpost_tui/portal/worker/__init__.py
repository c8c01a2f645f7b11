"""Parser process and its sandbox: it may only compute, and read libraries."""
