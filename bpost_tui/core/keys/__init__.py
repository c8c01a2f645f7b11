"""Keys: the actions that they start, and the characters that they send under Bengali keyboard layouts."""
