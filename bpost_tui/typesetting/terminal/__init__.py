"""Terminals: detection, capabilities, and the encoding of frames as bytes for the terminal. Never imports Textual."""
