"""Bengali: calendar, normal forms of words, sounds of letters, and the spoken form of sentences. Pure."""
