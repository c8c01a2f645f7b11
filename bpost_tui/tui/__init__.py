"""The screens: Textual, over the library and the typesetter."""
