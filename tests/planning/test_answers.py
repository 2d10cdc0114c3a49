"""What a person's answer makes of a record."""

from __future__ import annotations

import pytest
from reconciler.model.address import Address, ObjectKey
from reconciler.model.state import QUEUED, BlobRef, Intent, Operation, Phase, Record
from reconciler.model.unknowns import Answer
from reconciler.planning.settling.answers import outcome

KEY = ObjectKey(Address("callr", "campaign", "january"), "1")
TIME = "2027-01-04T10:00:00+00:00"
FEW, MORE = BlobRef("aa", 11), BlobRef("bb", 1)


@pytest.mark.parametrize("answer", [Answer.HAPPENED, Answer.CANNOT_TELL])
def test_people_who_may_have_arrived_are_sent_and_not_counted_on(answer: Answer) -> None:
    """After an answer the run can grow again: the count from before it says nothing of a hand any more."""
    record = Record(
        KEY, "campaign", "HASH", phase=Phase.ARMED, sent=(FEW,), facts={QUEUED: "11", "armed_at": TIME}
    )
    intent = Intent("i", KEY, "campaign", Operation.APPEND, "bb", TIME, "me", lookup=False, contacts=MORE)
    settled = outcome(intent, record, answer, time=TIME, who="me", reason="looked").record
    assert settled is not None
    assert (settled.sent, dict(settled.facts)) == ((FEW, MORE), {"armed_at": TIME})
