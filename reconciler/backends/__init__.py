"""Backends: the places where state is kept."""
