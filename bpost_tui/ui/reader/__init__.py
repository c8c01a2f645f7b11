"""The screens: each owns its workers and is the only one to answer what its panes say."""
