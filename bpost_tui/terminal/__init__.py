"""What this terminal can do, and how to speak to it. Never imports Textual."""
