"""The reader for ears and fingertips: one thing after another, in lines, for screen readers and braille."""
