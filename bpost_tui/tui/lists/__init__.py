"""Features of lists: showing lists, moving in them, searching, refreshing."""
