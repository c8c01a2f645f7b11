"""Bengali language: calendar, normal forms of words for search, sounds of letters, and text as it is read aloud. Pure."""
