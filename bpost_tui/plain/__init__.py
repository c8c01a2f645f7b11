"""Reader in lines (`--plain`), for screen readers and braille displays."""
