"""Parsers from feeds (RSS, Atom, JSON Feed) and OPML to stories and addresses."""
