"""Dialogs shown over the reader's screen: palette, help, menus, lists and pages of text."""
