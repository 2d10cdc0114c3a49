"""Bindings in text, JSON and Markdown: what was taken as ours, and what follows for people."""

from __future__ import annotations

from collections.abc import Iterator

from reconciler.model.binding import Binding, Rebuilt
from reconciler.render import json, safe, words
from reconciler.render.ending import Ending
from reconciler.render.sheet import Piece, Sheet, bad, command, good, strong, warn

_ADDRESS = 38


def found(sheet: Sheet, item: Rebuilt) -> None:
    """What a rebuild would bind, before anybody agrees."""
    if item.last_writer:
        sheet.line(f"state last written by {item.last_writer}", hang=2)
    else:
        sheet.line("the state is empty; nobody can tell who wrote last", hang=2)
    for line in _warnings(item):
        sheet.line(warn("! "), line, hang=2)
    number = words.counted(len(item.bindings), "object")
    if item.bindings:
        sheet.line(strong(f"{number} of this project"), " not in the state:")
    for binding in item.bindings:
        _binding(sheet, binding)
    _strangers(sheet, item)
    _failures(sheet, item)
    if any(binding.armed for binding in item.bindings):
        sheet.line(
            "Bound, a run counts as started, with everybody in its list sent: they are never sent again.",
            hang=2,
        )


def _warnings(item: Rebuilt) -> Iterator[str]:
    if item.new_key:
        yield "there is no key: a new one is made. Keep it; with another one apply refuses"
    if item.new_lineage:
        yield (
            "the state's key is lost: a new lineage begins, and saved plans do not fit it. Who was called "
            "in runs that are over, and who was suppressed by lists that are gone, is not known any more"
        )


def _binding(sheet: Sheet, item: Binding) -> None:
    address = safe.clean(str(item.key.address)).ljust(_ADDRESS)
    run = f", run {item.key.run}" if item.key.run not in {"", "1"} else ""
    sheet.line(f"  {address}  {item.remote_id} by its {item.by}{run}", hang=6)
    if item.spare:
        text = "one object too many with this marker: end it, and look at who was queued there"
        sheet.line(bad(text), indent=6, hang=6)


def _strangers(sheet: Sheet, item: Rebuilt) -> None:
    if not item.strangers:
        return
    number = words.counted(len(item.strangers), "object")
    sheet.line(warn(f"{number} left alone"), ": with a marker of other runs or projects", hang=2)
    for text in item.strangers:
        sheet.line(text, indent=4)


def _failures(sheet: Sheet, item: Rebuilt) -> None:
    for failure in item.failures:
        sheet.line(bad(f"! {failure.provider} was not read"), f": {failure.message}", hang=2)


def rebuilt(sheet: Sheet, item: Rebuilt) -> None:
    """What a rebuild did."""
    if item.declined:
        sheet.line(warn("Not confirmed"), "; nothing was written.")
        return
    _failures(sheet, item)
    if not item.bindings and not item.new_lineage:
        _strangers(sheet, item)
        sheet.line(good("Nothing to rebuild"), ": the state has every object that bears our markers.", hang=2)
        return
    if item.bindings:
        people = sum(binding.people for binding in item.bindings)
        number = words.counted(len(item.bindings), "object")
        sheet.line(good(f"bound {number}"), f"; {words.people(people)} count as sent", hang=2)
    for binding in item.bindings:
        _remark(sheet, binding)
    if item.converted:
        number = words.counted(item.converted, "run")
        sheet.line(f"{number} of the state: people learnt anew under the new key", hang=2)
    if item.fingerprint and (item.new_state or item.new_lineage):
        sheet.line(warn(f"key {item.fingerprint}"), ": keep it where secrets are kept", hang=2)
    sheet.line("next  ", command("reconciler plan"))


def _remark(sheet: Sheet, item: Binding) -> None:
    texts = []
    if item.suppressed:
        texts.append(f"suppressed in its list: {words.people(item.suppressed)}, so not counted as sent")
    if item.assumed:
        texts.append(f"not visible, taken to be as in the manifest: {', '.join(item.assumed)}")
    for text in texts:
        sheet.line(f"  {item.key.address}: {text}", hang=6)


def document(item: Rebuilt, ending: Ending) -> json.Document:
    """A rebuild for programs."""
    return json.envelope(
        "state rebuild",
        ending,
        declined=item.declined,
        bindings=[binding(each) for each in item.bindings],
        strangers=item.strangers,
        failures=[
            {"provider": each.provider, "message": each.message, "credentials": each.credentials}
            for each in item.failures
        ],
        last_writer=item.last_writer,
        key_fingerprint=item.fingerprint,
        new_state=item.new_state,
        new_key=item.new_key,
        new_lineage=item.new_lineage,
        converted=item.converted,
    )


def binding(item: Binding) -> json.Document:
    """One binding for programs."""
    return {
        "address": str(item.key.address),
        "key": str(item.key),
        "kind": item.kind,
        "remote_id": item.remote_id,
        "by": item.by,
        "armed": item.armed,
        "people": item.people,
        "suppressed": item.suppressed,
        "assumed": list(item.assumed),
        "differing": [each.field for each in item.differing],
        "spare": item.spare,
        "remark": item.remark,
    }


def markdown(item: Rebuilt) -> str:
    """A rebuild for a page."""
    rows = "".join(
        f"| {safe.code(str(each.key))} | {safe.code(each.remote_id)} | {each.people} |\n"
        for each in item.bindings
    )
    return f"### State rebuilt\n\n| object | id | people |\n|---|---|---|\n{rows}"


def imported(sheet: Sheet, item: Binding) -> None:
    """What an import found, what differs, and what it counts as."""
    sheet.line(good("imported"), f" {item.kind} {item.remote_id} as {item.key}", hang=2)
    if item.armed:
        sheet.line(f"it counts as started; {words.people(item.people)} count as sent", indent=2, hang=4)
    if item.suppressed:
        text = f"suppressed in its list: {words.people(item.suppressed)}, who may be queued there"
        sheet.line(bad(text), "; the next plan says what follows", indent=2, hang=4)
    for each in item.differing:
        before, after = words.before_and_after(each.field, each.live, each.wanted, 50, sheet.style.ellipsis)
        sheet.line(f"{each.field}: there {before}, in the manifest {after}", indent=2, hang=4)
    if item.assumed:
        text = f"not visible, taken to be as in the manifest: {', '.join(item.assumed)}"
        sheet.line(text, indent=2, hang=4)
    if item.remark:
        sheet.line(warn(item.remark), indent=2, hang=4)
    sheet.line(*_next(item))


def _next(item: Binding) -> tuple[str | Piece, ...]:
    told = "what differs is set by the next apply: " if item.differing else "nothing that shows differs: "
    return (told, command("reconciler plan"))
