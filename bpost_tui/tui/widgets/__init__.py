"""Widgets of the panes: they draw the items that they get and report clicks and scrolling; none reads the library."""
