"""Whatever is done to a campaign short of starting it again, nobody in its queue is called twice."""

from collections import Counter
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from reconciler.sandbox import Sandbox

steps = st.lists(
    st.one_of(
        st.tuples(st.just("advance"), st.integers(0, 100000)),
        st.tuples(st.just("add"), st.integers(1, 40)),
        st.tuples(st.just("pace"), st.integers(1, 200)),
        st.tuples(st.just("days"), st.sampled_from(['["mon"]', '["tue","wed"]', '["sat","sun","mon"]'])),
        st.tuples(st.just("start"), st.just(0)),
        st.tuples(st.just("stop"), st.just(0)),
    ),
    max_size=12,
)


@pytest.mark.slow
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps)
def test_one_call_for_each_entry(sandbox: Sandbox, plum: Any, steps: list[tuple[str, Any]]) -> None:
    """No entry is called twice, none is called that was not queued, and the queue's order is kept."""
    sandbox.reset()
    sandbox.options({"plum": {"restart_after_stop": "resume"}})
    campaign = plum.ready_campaign()
    added = 0
    for step, value in steps:
        if step == "advance":
            sandbox.clock(advance=value)
        elif step == "add":
            plum.add_calls(campaign, value, first=added)
            added += value
        elif step == "pace":
            plum.send("PATCH", "/profiles/1", amount_per_period=value)
        elif step == "days":
            plum.send("PATCH", "/schedules/1", days=value)
        else:
            {"start": plum.start, "stop": plum.stop}[step](campaign)
    called = [call.number for call in sandbox.ledger.calls]
    assert max(Counter(called).values(), default=0) <= 1
    assert called == [entry.number for entry in sandbox.ledger.queued][: len(called)]
