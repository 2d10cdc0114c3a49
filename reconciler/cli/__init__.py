"""The command line: one file per command; commands return what they found, one place prints it."""
