"""Resources: what the manifests declare, typed, with the place each was written at."""

from __future__ import annotations

import datetime as dt
import enum
from collections.abc import Mapping

from msgspec import Struct, field

from reconciler.model.address import Address
from reconciler.model.problem import Location
from reconciler.model.value import Value

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
"""Day names in week order, as `datetime.date.weekday` counts them."""


class Desired(enum.Enum):
    """The `state:` of a campaign."""

    DRAFT = "draft"
    RUNNING = "running"
    PAUSED = "paused"
    STOPPED = "stopped"


class Secret(Struct, frozen=True):
    """Where a secret is read from; never the secret itself. `source` is `env` or `file`."""

    source: str
    name: str


class FileSource(Struct, frozen=True):
    """Where a list of numbers is: a path from the manifest's folder, or a variable that holds one."""

    path: str | None = None
    env: str | None = None
    base: str = ""
    """Folder of the manifest, relative to the project's root; `path` counts from it."""


class ContactColumns(Struct, frozen=True):
    """Column names of a contact file; None means: not read, or for `phone` the only or usual one."""

    phone: str | None = None
    reference: str | None = None
    ani: str | None = None
    fields: Mapping[str, str] = field(default_factory=dict)


class Schedule(Struct, frozen=True):
    """Days of the week on which calls may be placed."""

    name: str
    days: tuple[str, ...]
    location: Location
    nickname: str | None = None
    providers: tuple[str, ...] = ()


class Profile(Struct, frozen=True):
    """Pace: `amount_per_period` calls in `period` minutes, then `time_between_periods` minutes of rest."""

    name: str
    period: int
    amount_per_period: int
    time_between_periods: int
    location: Location
    nickname: str | None = None
    providers: tuple[str, ...] = ()
    vendor: Mapping[str, Mapping[str, Value]] = field(default_factory=dict)


class ContactList(Struct, frozen=True):
    """A file of people to call."""

    name: str
    file: FileSource | None
    location: Location
    columns: ContactColumns = ContactColumns()
    region: str | None = None
    invalid_percent: float = 1.0
    duplicates: str = "first"


class Blacklist(Struct, frozen=True):
    """A file of people who are never called; it only grows. Empty `applies_to` means every campaign."""

    name: str
    file: FileSource | None
    location: Location
    region: str | None = None
    column: str | None = None
    providers: tuple[str, ...] = ()
    applies_to: tuple[str, ...] = ()
    ignore: tuple[int, ...] = ()
    """Line numbers of unreadable rows that somebody has looked at and marked as none."""


class Medium(Struct, frozen=True):
    """A sound for campaigns to play: the bytes of a file, or a text and the voice that speaks it."""

    name: str
    provider: str
    location: Location
    title: str | None = None
    text: str | None = None
    voice: str | None = None
    content: bytes | None = None


class Window(Struct, frozen=True):
    """Hours of a day in the campaign's zone, `HH:MM` each; the pace inside them, if named."""

    start_time: str
    end_time: str
    profile: str | None = None


class BlacklistException(Struct, frozen=True):
    """A blacklist that a campaign leaves out, and why."""

    name: str
    reason: str


class Campaign(Struct, frozen=True):
    """An outbound campaign. `windows` is None for `any_hour`, empty when the manifest names none."""

    name: str
    provider: str
    location: Location
    timezone: str
    state: Desired = Desired.DRAFT
    run: str = "1"
    start_date: dt.date | None = None
    end_date: dt.date | None = None
    schedule: str | None = None
    windows: tuple[Window, ...] | None = ()
    contacts: str | None = None
    on_queued_suppression: str | None = None
    protect: bool = False
    title: str | None = None
    enforce: str | None = None
    labels: Mapping[str, str] = field(default_factory=dict)
    except_blacklists: tuple[BlacklistException, ...] = ()
    vendor: Mapping[str, Mapping[str, Value]] = field(default_factory=dict)

    @property
    def address(self) -> Address:
        """Where plans and state speak of it."""
        return Address(self.provider, "campaign", self.name)


class Consent(Struct, frozen=True):
    """A reviewed permission: one action at one address, until a day (inclusive)."""

    action: str
    address: Address | None
    run: str | None = None
    reason: str = ""
    until: dt.date | None = None
    location: Location | None = None


class Moved(Struct, frozen=True):
    """A resource that has another address now."""

    source: Address
    target: Address
    location: Location | None = None


class ProviderSettings(Struct, frozen=True):
    """One account at a vendor. Times in seconds. `settings` holds what its type alone knows."""

    name: str
    type: str
    location: Location
    secrets: Mapping[str, Secret] = field(default_factory=dict)
    base_url: str | None = None
    timeout: float = 30.0
    requests_per_second: float | None = None
    max_concurrency: int | None = None
    list_lag: float = 60.0
    access: str = "manage"
    settings: Mapping[str, Value] = field(default_factory=dict)

    @property
    def is_watched(self) -> bool:
        """Whether the project only looks at the account: nothing is ever written there."""
        return self.access == "observe"


class Limits(Struct, frozen=True):
    """How much one plan may do before somebody has to consent. Percentages count from ten objects on."""

    max_people: int = 1000
    max_delete_percent: float = 30.0
    max_update_percent: float = 50.0
    max_shrink_percent: float = 10.0


class Backend(Struct, frozen=True):
    """Where state is kept. `settings` and `secrets` hold what its type alone knows (`path` of `local`)."""

    type: str = "local"
    key: Secret | None = None
    settings: Mapping[str, Value] = field(default_factory=dict)
    secrets: Mapping[str, Secret] = field(default_factory=dict)


class Project(Struct, frozen=True):
    """`reconciler.yaml`: who, where, and how much at most."""

    name: str
    project_id: str
    location: Location
    providers: Mapping[str, ProviderSettings] = field(default_factory=dict)
    backend: Backend = Backend()
    limits: Limits = Limits()
    manifests: tuple[str, ...] = ("manifests",)
    timezone: str | None = None
    on_queued_suppression: str | None = None
    requires: str | None = None

    @property
    def watched(self) -> tuple[str, ...]:
        """The accounts that the project only looks at, by name."""
        return tuple(item.name for item in self.providers.values() if item.is_watched)


class Manifests(Struct, frozen=True):
    """Everything that the manifests declare, by name."""

    schedules: Mapping[str, Schedule] = field(default_factory=dict)
    profiles: Mapping[str, Profile] = field(default_factory=dict)
    contact_lists: Mapping[str, ContactList] = field(default_factory=dict)
    blacklists: Mapping[str, Blacklist] = field(default_factory=dict)
    media: Mapping[str, Medium] = field(default_factory=dict)
    campaigns: Mapping[str, Campaign] = field(default_factory=dict)
    consents: tuple[Consent, ...] = ()
    moved: tuple[Moved, ...] = ()
