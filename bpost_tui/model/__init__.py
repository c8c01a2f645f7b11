"""Stories as values, the sanitizer for every string from outside, and the rules for comparing and merging stories. Pure."""
