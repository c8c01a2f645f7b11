"""The command line: parse, dispatch, print. Imports the rest lazily."""
