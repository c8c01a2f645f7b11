"""Bengali: its calendar, its words in one form, what their letters sound like, how a sentence is said. Pure."""
