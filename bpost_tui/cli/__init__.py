"""Command line: parses arguments, runs a verb (subcommand), prints. Other packages are imported only when a verb needs them."""
