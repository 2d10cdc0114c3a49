"""wolkvox's do-not-call list: entries by direction, and timed blocks of outbound calls."""

from datetime import timedelta

from reconciler.sandbox.vendors.wolkvox.account import REQUIRED, Account, Operation, texts
from reconciler.sandbox.vendors.wolkvox.dialing import settle_all
from reconciler.sandbox.vendors.wolkvox.numbers import identity
from reconciler.sandbox.vendors.wolkvox.records import Barred
from reconciler.sandbox.vendors.wolkvox.wire import Answer, Refused, found

DIRECTIONS = ("inbound", "outbound")
WORDS = {
    "inbound": ("inbound",),
    "outbound": ("outbound",),
    "inbound/outbound": DIRECTIONS,
    "all": DIRECTIONS,
}
ALL = "all"


def add(operation: Operation) -> Answer:
    """`configuration.php`, `add_dnc`: numbers for one direction or both."""
    account = operation.account
    directions = _directions(operation.text("type_call", required=True))
    numbers = _numbers(operation)
    settle_all(account)
    for number in numbers:
        for direction in directions:
            _bar(account, Barred(number, direction, account.now(), account.next_order()))
    return Answer(201, f"{len(numbers)} telephones were added")


def remove(operation: Operation) -> Answer:
    """`remove_dnc`: some numbers, or with `all` in their place every one."""
    account = operation.account
    directions = _directions(operation.text("type", required=True))
    everyone = isinstance(operation.body, dict) and operation.body.get("telephones") == ALL
    named = None if everyone else {identity(each, account.options) for each in _numbers(operation)}
    settle_all(account)
    gone = [key for key in account.barred if key[1] in directions and (named is None or key[0] in named)]
    for key in gone:
        del account.barred[key]
    return Answer(202, f"{len({number for number, _ in gone})} telephones were deleted")


def read(operation: Operation) -> Answer:
    """`information.php`, `get_dnc`: `date_delete` is the day of entry (A12)."""
    account = operation.account
    directions = _directions(operation.required("type"))
    rows = [
        {"phone_number": entry.number, "type": entry.direction, "date_delete": account.stamp(entry.at)}
        for entry in account.barred.values()
        if entry.direction in directions and (entry.until is None or account.options.timed_blocks_listed)
    ]
    return found(account.options, rows)


def block(operation: Operation) -> Answer:
    """`campaign.php`, `add_dnc`: numbers for some days; outbound, as it is a campaign's call (A11)."""
    account = operation.account
    if not isinstance(operation.body, list) or not operation.body:
        raise Refused(400, REQUIRED)
    entries = [_timed(account, each) for each in operation.body]
    settle_all(account)
    added = [entry for entry in entries if entry is not None and _bar(account, entry)]
    total = {
        "total_added": str(len(added)),
        "total_rejected": str(len(entries) - len(added)),
        "total_sent": str(len(entries)),
    }
    return Answer(201, f"{len(added)} telephones were added", [total])


def _timed(account: Account, each: object) -> Barred | None:
    """Read one block; None for one that can't be read, which is rejected and the others are not."""
    number, days = texts(each, "telephone", "days_block") or ("", "")
    if not number.isdigit() or not days.isdigit():
        return None
    now = account.now()
    return Barred(number, "outbound", now, account.next_order(), now + timedelta(days=int(days)))


def _bar(account: Account, entry: Barred) -> bool:
    """Put an entry on the list; one that is there stays as it is, unless it was for a time alone."""
    key = (identity(entry.number, account.options), entry.direction)
    there = account.barred.get(key)
    if there is not None and there.until is None:
        return False
    account.barred[key] = entry
    return True


def _directions(word: str) -> tuple[str, ...]:
    if word not in WORDS:
        raise Refused(400, "TYPE IS NOT VALID")
    return WORDS[word]


def _numbers(operation: Operation) -> list[str]:
    listed = operation.body.get("telephones") if isinstance(operation.body, dict) else None
    if not isinstance(listed, list) or not listed:
        raise Refused(400, REQUIRED)
    if not all(isinstance(each, str | int) for each in listed):
        raise Refused(400, "TELEPHONES ARE NOT VALID")
    return [str(each) for each in listed]
