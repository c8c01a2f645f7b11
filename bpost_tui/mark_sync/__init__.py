"""Sync of marks (read, starred, later …) with the reader's other machines, and with a server that collects feeds.

Other machines are reached by a sync folder, a server of feeds by the Google Reader API.
"""
