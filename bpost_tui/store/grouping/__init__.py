"""Groups of stories that are the same news, stored in the library."""
