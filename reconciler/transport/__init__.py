"""Requests out, replies in, and the one place that decides how a request ended."""
