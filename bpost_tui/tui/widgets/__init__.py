"""Widgets of the panes: they draw the paragraphs, headings and pictures passed to them, and report clicks and scrolling.

No widget reads the library.
"""
