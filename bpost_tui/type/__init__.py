"""Set type: any text, in any script, as a terminal can show it. Imports nothing else of bpost."""
