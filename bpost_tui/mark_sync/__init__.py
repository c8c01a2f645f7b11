"""A reader's server of feeds (Miniflux, FreshRSS and others) that speaks the Google Reader API: asking it, and whose mark holds."""
