"""Changes of marks that travel between machines, as values: fields, the merge rule, the lines of a file. Pure."""
