"""Encoders: each turns surfaces into the sequences of one kind of terminal."""
