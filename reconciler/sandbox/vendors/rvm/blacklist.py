"""RVMpro `/blacklist`: the account's do-not-call list, which can be added to and never read."""

from collections.abc import Sequence

from reconciler.sandbox.vendors.rvm.account import Account, Answer, Operation
from reconciler.sandbox.vendors.rvm.dialing import settle_all
from reconciler.sandbox.vendors.rvm.numbers import digits
from reconciler.sandbox.vendors.rvm.records import Suppressed
from reconciler.sandbox.vendors.rvm.validation import Failed


def add(operation: Operation) -> Answer:
    """`api=add`: one number, in `b_number` (A11)."""
    entered = operation.form.required("b_number")
    operation.form.finish()
    number = digits(entered)
    if number is None:
        raise Failed("b_number: must have 10 to 13 digits")
    _suppress(operation.account, [number], "b_number")
    return Answer({"b_number": number, "b_timestamp": operation.account.stamp(operation.account.now())})


def load(operation: Operation) -> Answer:
    """`api=load`: many numbers, in `b_numbers` (A11); neither echo nor count comes back."""
    account, form = operation.account, operation.form
    by_number = account.options.load_takes_b_number and not form.text("b_numbers")
    field = "b_number" if by_number else "b_numbers"
    entries = [entry for entry in form.required(field).split(",") if entry.strip()]
    form.finish()
    numbers = [number for entry in entries if (number := digits(entry)) is not None]
    if not numbers or (len(numbers) < len(entries) and account.options.blacklist_invalid == "refuse"):
        raise Failed(f"{field}: each number must have 10 to 13 digits")
    _suppress(account, numbers, field)
    return Answer({"b_timestamp": account.stamp(account.now())})


def _suppress(account: Account, numbers: Sequence[str], field: str) -> None:
    """Put numbers on the list, after the drops that were due without them."""
    if account.options.blacklist_again == "error" and any(number in account.blacklist for number in numbers):
        raise Failed(f"{field}: is on the list already")
    settle_all(account)
    at, order = account.now(), account.next_order()
    for number in numbers:
        if number in account.blacklist:
            account.blacklist[number].times += 1
        else:
            account.blacklist[number] = Suppressed(number, order, at)
