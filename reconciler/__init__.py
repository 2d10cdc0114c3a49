"""Campaigns as code: plan, apply and watch outbound calling at several vendors."""

__version__ = "0.1.0"
