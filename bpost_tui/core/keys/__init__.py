"""Keys: their actions, and the characters that they send under Bengali layouts."""
