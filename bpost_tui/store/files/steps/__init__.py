"""The steps that the library's files have taken, as SQL; schema.py has their order."""
