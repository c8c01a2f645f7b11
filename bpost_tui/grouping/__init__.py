"""Whether two stories are the same news: what is in a story that tells it from others, and how alike two are. Pure."""
