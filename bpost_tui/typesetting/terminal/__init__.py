"""Terminals: detection, capabilities, and the encoding of frames. Never imports Textual."""
