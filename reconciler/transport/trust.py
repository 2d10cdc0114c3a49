"""Whose certificates are believed: the system's, or those that SSL_CERT_FILE and SSL_CERT_DIR name."""

from __future__ import annotations

import os
import ssl
import sys

from reconciler.errors import ReconcilerError


def tls_context() -> ssl.SSLContext:
    """Make a context that verifies, always."""
    file, folder = os.environ.get("SSL_CERT_FILE"), os.environ.get("SSL_CERT_DIR")
    if file or folder:
        return _context_of(file or None, folder or None)
    return _system_context()


def _system_context() -> ssl.SSLContext:
    """Trust what the system trusts.

    On Linux that is what OpenSSL reads; it is read once, where truststore would read it, some 50 ms and
    under a lock, for each connection. Elsewhere, or where OpenSSL finds nothing, truststore asks the system.
    """
    if sys.platform == "linux":
        context = ssl.create_default_context()
        if context.cert_store_stats()["x509_ca"]:
            return context
    import truststore

    asking: ssl.SSLContext = truststore.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    return asking


def _context_of(file: str | None, folder: str | None) -> ssl.SSLContext:
    try:
        return ssl.create_default_context(cafile=file, capath=folder)
    except OSError as error:
        raise ReconcilerError(
            "the certificates that SSL_CERT_FILE or SSL_CERT_DIR names cannot be read",
            f"correct or unset the variable ({error.strerror or 'no certificates in it'})",
        ) from None
