"""An S3 server on loopback: moto, which keeps conditions; one request at a time, so that it does in a race, too.

python moto_s3.py PORT
"""

from __future__ import annotations

import logging
import sys
import threading

from moto.server import DomainDispatcherApplication, create_backend_app
from werkzeug.serving import make_server


class OneAtATime:
    """A WSGI application that answers a request before it looks at the next."""

    def __init__(self, application) -> None:
        self.application = application
        self.turn = threading.Lock()

    def __call__(self, environment, start):
        with self.turn:
            return [b"".join(self.application(environment, start))]


if __name__ == "__main__":
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    application = OneAtATime(DomainDispatcherApplication(create_backend_app))
    make_server("127.0.0.1", int(sys.argv[1]), application, threaded=True).serve_forever()
