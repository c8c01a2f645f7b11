"""bpost: a reader of The Bengal Post for the terminal, with Bengali text typeset as in print."""

__version__ = "0.1.0"
