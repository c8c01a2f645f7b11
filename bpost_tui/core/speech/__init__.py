"""Voices: different kinds of programs that read aloud, used through one interface. No screen; calls block."""
