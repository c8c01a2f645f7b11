"""Client and parser of WordPress's wp-json."""
