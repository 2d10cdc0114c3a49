"""Makes clients: what a command allows, joined with what the project file says of a provider."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from msgspec import Struct, field
from msgspec.structs import replace

from reconciler.model.resource import ProviderSettings
from reconciler.transport.client import Account, Circumstances, Client, known_secrets
from reconciler.transport.outcome import Decode, decode_json
from reconciler.transport.request import Effect


class Connector(Struct, frozen=True):
    """Makes the clients of one command. A provider's `access: observe` takes away what it may write."""

    circumstances: Circumstances = field(default_factory=Circumstances)

    def __call__(
        self,
        *,
        settings: ProviderSettings,
        base_url: str,
        headers: Mapping[str, str],
        secrets: Iterable[str] = (),
        concurrency: int = 2,
        rate: float | None = None,
        decode: Decode = decode_json,
        form: Iterable[tuple[str, str]] = (),
    ) -> Client:
        """Make a client; `concurrency` and `rate` hold where the settings say nothing."""
        account = Account(
            provider=settings.name,
            base_url=base_url,
            headers=headers,
            secrets=known_secrets(secrets),
            timeout=settings.timeout,
            concurrency=settings.max_concurrency or concurrency,
            rate=settings.requests_per_second or rate,
            decode=decode,
            form=tuple(form),
        )
        return Client(account, self._circumstances_of(settings))

    def _circumstances_of(self, settings: ProviderSettings) -> Circumstances:
        if not settings.is_watched:
            return self.circumstances
        return replace(self.circumstances, allowed=self.circumstances.allowed & {Effect.READ})
