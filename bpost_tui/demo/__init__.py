"""Sample edition: stories written for bpost, so that readers can try it without a network.

To change it, edit `categories.toml`, `stories/*.toml`, `gazette/*.toml` (the second paper's stories) and `pictures/`. The code
doesn't depend on their content.
"""
