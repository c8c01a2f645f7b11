"""HTTP client for papers: bounded, few requests at a time, and only to addresses that the policy allows."""
