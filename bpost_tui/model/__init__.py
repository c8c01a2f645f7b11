"""Stories as values, the gate that every string from outside passes, and the rules on stories. Pure."""
