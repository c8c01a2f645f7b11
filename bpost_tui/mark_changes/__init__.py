"""Changes of marks that travel between machines: their fields, the rule for merging them, and the lines of a marks file. Pure."""
