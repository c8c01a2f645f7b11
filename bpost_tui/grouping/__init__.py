"""Grouping of stories about the same news: fingerprints of stories, the similarity score of two stories, and groups. Pure."""
