"""Lists: their sources, orders, and loaded parts."""
