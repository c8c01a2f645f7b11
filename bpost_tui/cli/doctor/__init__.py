"""`bpost doctor`: what is odd about this machine, the terminal, the sandbox, voices."""
