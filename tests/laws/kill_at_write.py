"""A launcher for tests: the command, killed by SIGKILL before or after its n-th durable write."""

import os
import signal
import sys

COUNT, WHEN, *ARGUMENTS = sys.argv[1:]
left = int(COUNT)


def wrapped(original):
    """The same call, and death beside it when its turn comes."""

    def call(*arguments, **named):
        global left  # noqa: PLW0603 - one counter for every kind of write
        left -= 1
        if left == 0 and WHEN == "before":
            os.kill(os.getpid(), signal.SIGKILL)
        result = original(*arguments, **named)
        if left == 0:
            os.kill(os.getpid(), signal.SIGKILL)
        return result

    return call


for name in ("fsync", "fdatasync", "replace"):
    setattr(os, name, wrapped(getattr(os, name)))

from reconciler.cli.main import main  # noqa: E402 - patched first

sys.argv = ["reconciler", *ARGUMENTS]
main()
