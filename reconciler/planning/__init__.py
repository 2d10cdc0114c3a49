"""Wanted, applied and live objects in; a plan out. Pure: no I/O, no clock, no vendor's name."""
