"""Features of lists: showing them, moving in them, searching, refreshing."""
