"""Encoders: surfaces to what one kind of terminal takes."""
