"""Same-news scoring: fingerprints of stories, the similarity score of two, and groups of similar ones. Pure."""
