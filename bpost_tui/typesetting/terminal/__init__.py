"""The terminal: what it can do, and the bytes it is sent. Never imports Textual."""
