"""Encoders: each translates surfaces (typeset text and pictures) into escape sequences for one kind of terminal."""
