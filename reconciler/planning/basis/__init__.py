"""What a plan is made from, and what every decision has at hand. Pure."""
