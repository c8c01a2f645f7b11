"""Features of the lists of stories: showing lists, moving in them, searching, refreshing."""
