"""What requests came to, and where an object stands after them. Pure."""
