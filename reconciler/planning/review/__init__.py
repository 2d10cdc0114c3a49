"""What somebody reviewed, how it is known again, and what needs no review. Pure."""
