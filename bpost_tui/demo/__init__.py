"""The sample edition: stories of our own, and a tiny portal on the loopback address that serves them as WordPress would.

An editor changes `categories.toml`, `stories/*.toml` and `pictures/`; no code knows what they say.
"""
