"""The papers of a library, their stories, and which of them are the same news."""
