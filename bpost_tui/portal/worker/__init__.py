"""Parser process and its sandbox. The process may only compute, and read the files of program libraries."""
