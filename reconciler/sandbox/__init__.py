"""Stateful stand-ins of the vendors over real HTTP on loopback: nobody's telephone rings.

The sandbox is written from the vendors' own pages and from no client. It stands alone: it imports nothing
of the rest of the package, so what a client misunderstands can't be misunderstood here in the same way.
"""

from reconciler.sandbox.command import main, serve
from reconciler.sandbox.ledger import Armed, Call, Ledger, Queued, Write
from reconciler.sandbox.sandbox import Sandbox
from reconciler.sandbox.switches import read as read_options

__all__ = ["Armed", "Call", "Ledger", "Queued", "Sandbox", "Write", "main", "read_options", "serve"]
