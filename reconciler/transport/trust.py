"""Whose certificates are believed: the system's, or those that SSL_CERT_FILE and SSL_CERT_DIR name."""

from __future__ import annotations

import os
import ssl

from reconciler.errors import ReconcilerError


def tls_context() -> ssl.SSLContext:
    """Make a context that verifies, always."""
    file, folder = os.environ.get("SSL_CERT_FILE"), os.environ.get("SSL_CERT_DIR")
    if file or folder:
        return _context_of(file or None, folder or None)
    import truststore

    context: ssl.SSLContext = truststore.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    return context


def _context_of(file: str | None, folder: str | None) -> ssl.SSLContext:
    try:
        context = ssl.create_default_context(cafile=file, capath=folder)
    except OSError as error:
        raise ReconcilerError(
            "the certificates that SSL_CERT_FILE or SSL_CERT_DIR names cannot be read",
            f"correct or unset the variable ({error.strerror or 'no certificates in it'})",
        ) from None
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    return context
