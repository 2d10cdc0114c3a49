"""Rules for declared moves: each address once, no circle, to one that is declared from one that is not."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from reconciler.manifest.declared import Context, Declared
from reconciler.manifest.finding import Finding, quoted
from reconciler.manifest.references import KINDS, undeclared
from reconciler.model.address import Address


def move_findings(context: Context) -> Iterator[Finding]:
    """What is wrong with the moves, each by itself and together."""
    moves = [move for move in context.declarations.moved if {"from", "to"} <= move.data.keys()]
    sources: dict[str, Declared] = {}
    targets: dict[str, Declared] = {}
    for move in moves:
        yield from _twice(sources, "from", move)
        yield from _twice(targets, "to", move)
    for move in moves:
        yield from _move(context, move, sources)


def _twice(seen: dict[str, Declared], key: str, move: Declared) -> Iterator[Finding]:
    address = move.data[key]
    if address in seen:
        message = f"{quoted(address)} is moved {key} twice (also {{also}})"
        yield Finding(
            "MOV01", message, "keep one of them", move.location.at(key), also=seen[address].location
        )
    seen.setdefault(address, move)


def _move(context: Context, move: Declared, sources: Mapping[str, Declared]) -> Iterator[Finding]:
    source, target = Address.parse(move.data["from"]), Address.parse(move.data["to"])
    where = move.location
    if source.kind != target.kind or source.provider != target.provider:
        message = "a move keeps provider and kind"
        yield Finding("MOV03", message, "only the name can change", where.at("to"))
        return
    if str(target) in sources:
        yield _chain(move, sources)
        return
    section = KINDS[source.kind]
    if source.name in context.declarations.sections[section]:
        message = f"{quoted(str(source))} is moved away and still declared ({{also}})"
        also = context.declarations.sections[section][source.name].location
        yield Finding("MOV04", message, "remove one of the two", where.at("from"), also=also)
    yield from undeclared(context, section, target.name, where, "to")


def _chain(move: Declared, sources: Mapping[str, Declared]) -> Finding:
    """A move to an address that is itself moved: a circle, or a step that can be left out."""
    first, seen, address = move.data["from"], {move.data["from"]}, move.data["to"]
    while address in sources and address not in seen:
        seen.add(address)
        address = sources[address].data["to"]
    where = move.location.at("to")
    if address in seen:
        return Finding(
            "MOV02", f"moves go in a circle through {quoted(address)}", "remove one of them", where
        )
    remedy = f"write from: {first}, to: {address}"
    return Finding("MOV02", f"{quoted(move.data['to'])} is itself moved on", remedy, where)
