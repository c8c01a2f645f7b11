"""A small portal on the loopback address that serves the sample edition as WordPress would."""
