"""HTTP requests to papers: bounded, few at a time, and only to addresses that the policy allows."""
