"""How changes are graded: the laws that hold for every field."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from reconciler.model.kind import Loudness
from reconciler.model.resource import DAYS
from reconciler.model.value import ABSENT, UNKNOWN
from reconciler.providers.plum import PROVIDER, loudness

OPPOSITE = {
    Loudness.LOUDER: Loudness.QUIETER,
    Loudness.QUIETER: Loudness.LOUDER,
    Loudness.SAME: Loudness.SAME,
    Loudness.OTHER: Loudness.OTHER,
}
DAY_SETS = st.sets(st.sampled_from(DAYS)).map(tuple)
DATES = st.dates().map(str)
NUMBERS = st.integers(0, 10**11)
CLOCKS = st.times().map(lambda time: f"{time:%H:%M}")
WINDOWS = st.lists(st.tuples(CLOCKS, CLOCKS, st.sampled_from("56")), max_size=3).map(tuple)
ODD = st.sampled_from([None, ABSENT, UNKNOWN, "x", 1, (), (1,), (("a", "b", "c"),), {}])
GRADED = [
    (loudness.days, DAY_SETS),
    (loudness.windows, WINDOWS),
    (loudness.more_is_louder, DATES | NUMBERS),
    (loudness.more_is_quieter, DATES | NUMBERS),
]


@pytest.mark.parametrize(("grade", "values"), GRADED)
@given(data=st.data())
def test_there_and_back_are_opposites(grade, values, data):
    """A change is louder exactly if its reverse is quieter, and nothing is louder than itself."""
    before, after = data.draw(values | ODD), data.draw(values | ODD)
    assert grade(after, before) is OPPOSITE[grade(before, after)]
    assert grade(before, before) in {Loudness.SAME, Loudness.OTHER}


@given(DAY_SETS, DAY_SETS)
def test_more_days_are_louder(days, more):
    """Adding days is louder, taking some away is quieter, and an exchange is neither."""
    wider = tuple(set(days) | set(more))
    expected = Loudness.SAME if len(wider) == len(days) else Loudness.LOUDER
    assert loudness.days(days, wider) is expected


@pytest.mark.parametrize(
    ("before", "after", "grade"),
    [
        ([("08:00", "11:00", "5")], [("08:00", "12:00", "5")], Loudness.LOUDER),
        ([("08:00", "11:00", "5")], [("07:00", "11:00", "5")], Loudness.LOUDER),
        ([("08:00", "11:00", "5")], [("08:00", "10:00", "5")], Loudness.QUIETER),
        ([("08:00", "11:00", "5")], [], Loudness.QUIETER),
        ([("08:00", "11:00", "5")], [("08:00", "09:00", "5"), ("09:00", "11:00", "5")], Loudness.SAME),
        ([("08:00", "11:00", "5")], [("09:00", "12:00", "5")], Loudness.OTHER),
        ([("08:00", "11:00", "5")], [("08:00", "11:00", "6")], Loudness.OTHER),
        ([("08:00", "11:00", "5")], [("08:00", "10:00", "6")], Loudness.OTHER),
        ([("08:00", "11:00", "5")], [("08:00", "11:00", "5"), ("12:00", "13:00", "6")], Loudness.LOUDER),
    ],
)
def test_windows_are_graded_by_their_minutes(before, after, grade):
    """More minutes at the same pace are louder, fewer are quieter; where the pace changes nothing is said."""
    assert loudness.windows(tuple(before), tuple(after)) is grade


@pytest.mark.parametrize(
    ("kind", "field", "before", "after", "grade"),
    [
        ("profile", "period", 30, 60, Loudness.QUIETER),
        ("profile", "amount_per_period", 100, 200, Loudness.LOUDER),
        ("profile", "time_between_periods", 10, 20, Loudness.QUIETER),
        ("campaign", "start_date", "2027-01-04", "2027-01-02", Loudness.LOUDER),
        ("campaign", "end_date", "2027-01-29", "2027-02-01", Loudness.LOUDER),
        ("campaign", "schedule", "6", "7", Loudness.OTHER),
        ("campaign", "start_url", "https://a/", "https://b/", Loudness.OTHER),
        ("campaign", "result_url", "https://a/", "https://b/", Loudness.SAME),
        ("schedule", "nickname", "a", "b", Loudness.SAME),
    ],
)
def test_fields_declare_what_they_mean_for_people(kind, field, before, after, grade):
    """Sooner, longer and faster is louder; a name or the place of results is nothing to a called person."""
    assert PROVIDER.kinds[kind].spec.field_index[field].loudness(before, after) is grade
