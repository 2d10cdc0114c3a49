"""Laws of the calling simulator, tried with calendars nobody would think of."""

from datetime import UTC, date, datetime, time, timedelta
from itertools import islice, pairwise
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st
from reconciler.sandbox.calling import Calendar, Pace, Window, call_times

EASTERN = ZoneInfo("America/New_York")
MOST = 500

minutes = st.integers(0, 24 * 60 - 1).map(lambda minute: time(minute // 60, minute % 60))
paces = st.builds(Pace, period=st.integers(1, 300), amount=st.integers(1, 40), rest=st.integers(0, 300))
days = st.dates(date(2027, 1, 1), date(2027, 12, 31))


@st.composite
def windows(draw: st.DrawFn) -> Window:
    """Hours of a day at some pace."""
    opens, closes = sorted(draw(st.lists(minutes, min_size=2, max_size=2, unique=True)))
    return Window(opens, closes, draw(paces))


@st.composite
def calendars(draw: st.DrawFn) -> Calendar:
    """Some days in 2027, often around a change of the clocks."""
    first = draw(st.one_of(days, st.sampled_from([date(2027, 3, 14), date(2027, 11, 7)])))
    last = first + timedelta(days=draw(st.integers(0, 9)))
    weekdays = draw(st.frozensets(st.integers(0, 6), min_size=1))
    return Calendar(EASTERN, first, last, weekdays, tuple(draw(st.lists(windows(), min_size=1, max_size=3))))


def _span(calendar: Calendar, before: int, length: int) -> tuple[datetime, datetime]:
    since = datetime.combine(calendar.first, time(), tzinfo=UTC) + timedelta(minutes=before)
    return since, since + timedelta(minutes=length)


@given(calendars(), st.integers(-600, 3000), st.integers(0, 15000))
def test_never_outside(calendar: Calendar, before: int, length: int) -> None:
    """No call outside the windows, the days, the dates or the time asked for, and all in order."""
    since, until = _span(calendar, before, length)
    calls = list(islice(call_times(calendar, since, until), MOST))
    for call in calls:
        assert since <= call < until
        assert calendar.first <= call.date() <= calendar.last
        assert call.weekday() in calendar.weekdays
        assert any(window.opens <= call.time() < window.closes for window in calendar.windows)
    assert all(earlier.astimezone(UTC) <= later.astimezone(UTC) for earlier, later in pairwise(calls))


@given(calendars(), st.integers(-600, 3000), st.integers(0, 9000), st.integers(0, 9000))
def test_cutting_time_changes_nothing(calendar: Calendar, before: int, first: int, second: int) -> None:
    """Two spans of time one after the other hold the calls of the whole, each once."""
    since, middle = _span(calendar, before, first)
    until = middle + timedelta(minutes=second)
    whole = list(call_times(calendar, since, until))
    assert [*call_times(calendar, since, middle), *call_times(calendar, middle, until)] == whole


@given(calendars())
def test_never_faster_than_the_pace(calendar: Calendar) -> None:
    """On an ordinary day a single window places `amount` calls in each cycle at most."""
    window = calendar.windows[0]
    alone = Calendar(EASTERN, date(2027, 1, 4), date(2027, 1, 4), frozenset(range(7)), (window,))
    opens = datetime.combine(date(2027, 1, 4), window.opens, tzinfo=EASTERN)
    calls = list(call_times(alone, opens - timedelta(days=1), opens + timedelta(days=1)))
    cycle = timedelta(minutes=window.pace.period + window.pace.rest)
    cycles = [(call - opens) // cycle for call in calls]
    assert all(cycles.count(number) <= window.pace.amount for number in set(cycles))
    assert all((call - opens) % cycle < timedelta(minutes=window.pace.period) for call in calls)
