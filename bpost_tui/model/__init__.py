"""Stories as values, and the gate that everything from outside passes. Pure."""
