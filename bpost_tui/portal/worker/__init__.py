"""What the parser process may do: nothing but compute, and read libraries."""
