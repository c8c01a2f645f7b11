"""What a list is: where it comes from, its order, the part of it that is loaded."""
