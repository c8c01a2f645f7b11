"""Client and parser of wp-json, WordPress's API."""
