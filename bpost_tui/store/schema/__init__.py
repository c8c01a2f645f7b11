"""The two database files: what they hold, and how they are made and opened."""
