"""Lists of stories and passages: sources of lists, orders, and the parts of a list that are loaded."""
