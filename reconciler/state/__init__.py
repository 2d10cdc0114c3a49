"""State: its form as bytes, and what log entries add up to; pure."""
