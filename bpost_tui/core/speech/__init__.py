"""Voices: programs that read aloud, each in its way, behind one interface. No screen; calls block."""
