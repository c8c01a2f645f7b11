"""`bpost import`: what a file offers is checked and saved."""
