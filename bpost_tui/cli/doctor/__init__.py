"""Verb `doctor`: diagnoses the terminal, the sandbox, voices, and a story."""
