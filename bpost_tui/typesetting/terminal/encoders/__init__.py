"""Encoders: each turns surfaces into what one kind of terminal takes."""
