"""The sample edition: stories of our own, for a first look without a network.

To change it, edit `categories.toml`, `stories/*.toml` and `pictures/`; the code doesn't depend on what they say.
"""
