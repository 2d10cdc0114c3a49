"""The command, with a lease that lasts so many seconds: shorter than a project may declare, so that tests see it end.

python -m tests.backends.short_lease SECONDS ARGUMENT...
"""

from __future__ import annotations

import sys

from reconciler.backends import opening
from reconciler.cli.main import main

if __name__ == "__main__":
    seconds = float(sys.argv.pop(1))
    opening._lease_seconds = lambda *_: seconds
    main()
