"""Set type in apps made with Textual."""
