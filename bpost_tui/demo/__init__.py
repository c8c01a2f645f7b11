"""The sample edition: stories of our own, and a small portal on the loopback address that serves them as WordPress would.

To change it, edit `categories.toml`, `stories/*.toml` and `pictures/`; the code doesn't depend on what they say.
"""
