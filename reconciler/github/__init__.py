"""The edge to GitHub: what an event allows, sticky comments and issues, and the files of a step."""
