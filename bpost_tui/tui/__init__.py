"""Reader's screen, built with Textual on the library and the typesetter."""
