"""Observe, apply, recover: the only code that sends anything."""
