"""Sharing a story: addresses of services, programs, QR codes, and pictures."""
