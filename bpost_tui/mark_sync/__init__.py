"""Marks in step with the reader's other machines, by a sync folder, and with a server of feeds (Google Reader API)."""
