"""Stories as values, the sanitizer that every string from outside passes, and the rules on stories. Pure."""
