"""Silence in text, JSON and Markdown: what was asked, how far it is proven, and what holds from now on."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from reconciler.model.silence import PROVEN, Hush, Silence, Silenced
from reconciler.render import json, safe, words
from reconciler.render.ending import Ending
from reconciler.render.sheet import Piece, Sheet, bad, command, good, strong, warn

FEW = 20
"""So many objects of an account are named; the rest is counted, and -v names all."""
_ACCOUNT = 10


def silence(sheet: Sheet, item: Silence) -> None:
    """The whole report."""
    for name in item.accounts:
        _account(sheet, name, [each for each in item.objects if each.provider == name])
    for failure in item.failures:
        sheet.line(bad(f"{failure.provider}: not reached"), f": {failure.message}", hang=2)
        sheet.line("use the vendor's own pages, and: reconciler doctor", indent=2)
    sheet.line(*_verdict(item), hang=2)
    for text in item.problems:
        sheet.line(bad("not done: "), text, hang=2)
    for text in item.remarks:
        sheet.line(warn("note: "), text, hang=2)
    _hold(sheet, item)


def _account(sheet: Sheet, name: str, objects: list[Silenced]) -> None:
    label = f"{safe.clean(name):<{_ACCOUNT}} "
    if not objects:
        sheet.line(label, good("nothing there can call"), hang=len(label))
        return
    for result, number in sorted(Counter(each.result for each in objects).items(), key=_worst_first):
        named = [each for each in objects if each.result is result]
        slowest = max(each.seconds for each in named)
        sheet.line(
            label, _told(result, number), f"  {_names(sheet, named)}  {slowest:.1f} s", hang=len(label)
        )
        for detail in sorted({each.detail for each in named if each.result not in PROVEN and each.detail}):
            sheet.line(detail, indent=len(label), hang=len(label))
        label = " " * len(label)


def _worst_first(pair: tuple[Hush, int]) -> int:
    order = (Hush.LOUD, Hush.UNKNOWN, Hush.REFUSED, Hush.ASKED, Hush.STOPPED, Hush.PAUSED, Hush.QUIET)
    return order.index(pair[0])


def _told(result: Hush, number: int) -> Piece:
    text = f"{words.count(number)} {result.value}"
    if result in PROVEN:
        return good(text)
    return warn(f"{text}, unverifiable") if result is Hush.ASKED else bad(text)


def _names(sheet: Sheet, objects: list[Silenced]) -> str:
    shown = objects if sheet.verbose else objects[:FEW]
    more = f" and {words.count(len(objects) - len(shown))} more" if len(shown) < len(objects) else ""
    return ", ".join(map(_name, shown)) + more


def _name(item: Silenced) -> str:
    if item.key is None:
        return f"(not ours) {item.remote_id}"
    run = f" run {item.key.run}" if item.key.run not in {"", "1"} else ""
    return f"{item.key.address.name}{run} ({item.remote_id})"


def _verdict(item: Silence) -> Iterator[str | Piece]:
    number = words.counted(len(item.objects), "object")
    yield f"{number} in {words.counted(len(item.accounts), 'account')}, after {item.seconds:.1f} s; "
    if item.failures:
        yield bad("not every account was reached, so silence is not proven")
    elif item.unproven:
        yield warn(f"{words.count(len(item.unproven))} could not be read back, so silence is not proven")
    else:
        yield good("all of it is silent" if item.objects else "there was nothing to silence")


def _hold(sheet: Sheet, item: Silence) -> None:
    if item.hold is None:
        return
    sheet.line(
        strong("hold"),
        " set for the project: plan and drift work; no apply can start, grow or speed up anything until:",
        hang=2,
    )
    sheet.line(command("reconciler hold release --reason TEXT"), indent=2)


def document(item: Silence, ending: Ending) -> json.Document:
    """The same for programs."""
    return json.envelope(
        "stop",
        ending,
        reason=item.reason,
        everything=item.everything,
        accounts=item.accounts,
        objects=[_object(each) for each in item.objects],
        failures=[
            {"provider": each.provider, "message": each.message, "credentials": each.credentials}
            for each in item.failures
        ],
        proven=not (item.unproven or item.failures),
        hold=None
        if item.hold is None
        else {"reason": item.hold.reason, "who": item.hold.who, "time": item.hold.time},
        not_done=item.problems,
        remarks=item.remarks,
        seconds=round(item.seconds, 3),
    )


def _object(item: Silenced) -> json.Document:
    return {
        "provider": item.provider,
        "kind": item.kind,
        "remote_id": item.remote_id,
        "ours": item.key is not None,
        "address": None if item.key is None else str(item.key.address),
        "key": None if item.key is None else str(item.key),
        "operation": None if item.operation is None else item.operation.value,
        "result": item.result.value,
        "proven": item.result in PROVEN,
        "detail": item.detail,
        "seconds": round(item.seconds, 3),
        "request_id": item.request_id,
    }


def markdown(item: Silence) -> str:
    """The same for a page."""
    rows = "".join(
        f"| {safe.code(each.provider)} | {safe.markdown(_name(each))} | {each.result.value} |\n"
        for each in item.objects
    )
    verdict = "".join(piece if isinstance(piece, str) else piece.text for piece in _verdict(item))
    return f"### Stop\n\n| account | object | now |\n|---|---|---|\n{rows}\n{safe.markdown(verdict)}\n"
