"""What is to be done about one object, or one run, by what it is now. Pure."""
