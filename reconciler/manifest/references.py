"""Rules for names that must be declared somewhere: in a section, or among the project's providers."""

from __future__ import annotations

from collections.abc import Iterator

from reconciler.manifest.declared import Context, Declared
from reconciler.manifest.finding import Finding, did_you_mean, quoted, suggestion
from reconciler.model.problem import Location

KINDS = {
    "schedule": "schedules",
    "profile": "profiles",
    "contact_list": "contact_lists",
    "blacklist": "blacklists",
    "media": "media",
    "campaign": "campaigns",
}
"""Kind in an address, and the section that declares it."""

_NOUNS = {section: kind.replace("_", " ") for kind, section in KINDS.items()}


def unknown_provider(context: Context, name: str, base: Location, *keys: str | int) -> Iterator[Finding]:
    """A provider that the project file does not have; while that is unreadable nothing is said."""
    if context.providers is None or name in context.providers:
        return
    where = base.at(*keys)
    known = sorted(context.providers)
    listing = f"providers are {', '.join(known)}" if known else "declare it in reconciler.yaml"
    yield Finding("REF01", f"no provider {quoted(name)}", did_you_mean(name, known, listing), where)


def undeclared_names(context: Context, declared: Declared, section: str, key: str) -> Iterator[Finding]:
    """Names in a list that are not declared in their section."""
    for index, name in enumerate(declared.data.get(key, ())):
        yield from undeclared(context, section, name, declared.location, key, index)


def undeclared(
    context: Context, section: str, name: str, base: Location, *keys: str | int
) -> Iterator[Finding]:
    """A name that is not declared in its section. While a file is unreadable it may well be declared there."""
    known = context.declarations.sections[section]
    if name in known or not context.declarations.complete:
        return
    where = base.at(*keys)
    message = f"no {_NOUNS[section]} {quoted(name)}"
    meant = suggestion(name, sorted(known))
    if meant:
        place = known[meant].location
        yield Finding("REF01", message, f"did you mean {meant} ({{also}})?", where, also=place)
    else:
        yield Finding("REF01", message, f"declare it under {section}:", where)
