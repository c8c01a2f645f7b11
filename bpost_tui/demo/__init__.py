"""Sample edition: stories of our own, for a first look without a network.

To change it, edit `categories.toml`, `stories/*.toml` and `pictures/`. The code doesn't depend on their content.
"""
