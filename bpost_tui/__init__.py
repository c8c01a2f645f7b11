"""bpost: The Bengal Post in a terminal, set in real Bengali type."""

__version__ = "0.1.0"
