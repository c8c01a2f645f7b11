"""What is fetched while the reader is open, and what is said of it."""
