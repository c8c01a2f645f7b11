"""Sharing a story with people and programs."""
