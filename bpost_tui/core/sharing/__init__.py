"""A story on its way to people and programs."""
