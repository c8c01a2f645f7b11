"""Lists of stories and passages: sources of lists, sort orders, and the parts of a list that are loaded."""
