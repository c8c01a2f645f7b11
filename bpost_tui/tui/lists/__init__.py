"""Features for what is listed: showing lists, going through them, searching, asking the portal for more."""
