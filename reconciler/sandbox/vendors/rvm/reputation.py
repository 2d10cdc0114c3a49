"""RVMpro `/repcheck`: how likely a callback number is taken for spam, for credits."""

import re

from reconciler.sandbox.telephones import ends_in
from reconciler.sandbox.vendors.rvm.account import Account, Answer, Operation
from reconciler.sandbox.vendors.rvm.records import Check
from reconciler.sandbox.vendors.rvm.reports import Page
from reconciler.sandbox.vendors.rvm.validation import Failed

PRICE = 20  # credits
NUMBER = re.compile(r"\d{10}", re.ASCII)


def check(operation: Operation) -> Answer:
    """`api=check`: each one costs, also of the same number again."""
    account, number = operation.account, operation.form.required("rc_number")
    operation.form.finish()
    if not NUMBER.fullmatch(number):
        raise Failed("rc_number: must have 10 digits")
    if account.credits_left < PRICE:
        raise Failed("rc_number: not enough credits")
    made = Check(number, account.now(), PRICE)
    account.checks.append(made)
    return Answer(_described(account, made, None))


def history(operation: Operation) -> Answer:
    """`api=history`: every check made; the number is a JSON number here, and no flag is empty text."""
    account, page = operation.account, Page(operation)
    key = "r_rows" if account.options.spelling == "samples" else "rc_rows"
    return page.of(account.checks, lambda made: _remembered(account, made), key)


def _remembered(account: Account, made: Check) -> dict[str, object]:
    return _described(account, made, "") | {"rc_phone_number": int(made.number)}


def _described(account: Account, made: Check, unflagged: str | None) -> dict[str, object]:
    spam = ends_in(made.number, account.options.spam)
    return {
        "rc_date": account.stamp(made.at),
        "rc_phone_number": made.number,
        "rc_score": 90 if spam else 1,
        "rc_level": 4 if spam else 1,
        "rc_reports": 38 if spam else 0,
        "rc_status": "Telemarketer" if spam else unflagged,
    }
