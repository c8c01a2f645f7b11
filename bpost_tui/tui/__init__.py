"""Screen for reading news, built with Textual. Stories come from the library, and the typesetter draws their text."""
