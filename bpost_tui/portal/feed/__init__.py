"""Feeds: RSS and Atom to stories."""
