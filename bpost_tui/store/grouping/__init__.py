"""Groups of stories that report the same news, stored in the library."""
