"""SIGTERM as an exception; a file of its own, since every command loads it and nothing else is needed with it."""


class Terminated(BaseException):
    """SIGTERM, where no command handles it in a gentler way."""
