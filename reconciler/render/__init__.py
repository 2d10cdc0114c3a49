"""Values made readable: text for terminals, JSON for programs, Markdown for reviews. Nothing here prints."""
