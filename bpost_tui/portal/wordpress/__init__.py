"""wordpress."""
