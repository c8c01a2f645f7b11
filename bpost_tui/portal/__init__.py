"""What the portal offers: addresses, fetching, parsing. Never imports the store or the screen."""
