"""What keys do, and what they send under Bengali layouts."""
