"""Repair of the library's files: checks, backups, rescue of rows, and replacing a file that can't be used."""
