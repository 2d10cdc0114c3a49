"""Settings of a tree: put together by branch, and none lost on the way."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from msgspec import structs
from reconciler.model.kind import Loudness
from reconciler.model.plan import Action, Difference, Movement, Origin, Plan
from reconciler.model.value import Value
from reconciler.render import changes, settings
from reconciler.render.groups import grouped
from reconciler.render.sheet import Sheet, width_of

from . import scenes

PARTS = st.lists(st.sampled_from("abcdef"), min_size=1, max_size=5).map(".".join)


@given(st.dictionaries(PARTS, st.integers(), max_size=30))
def test_every_setting_is_in_its_group(values: dict[str, Value]) -> None:
    """From the groups' names and depths the whole names can be told again, each with its value, each once."""
    above: list[str] = []
    found: list[tuple[str, Value]] = []
    for group in grouped(values):
        above = [*above[: group.depth], group.name]
        found += [(".".join([*filter(None, above), name]), value) for name, value in group.values.items()]
    assert len(found) == len(values)
    assert dict(found) == values


def many(empty: Plan) -> Plan:
    """A plan that makes one object with settings three branches deep."""
    ring = {"number": "+16175550197", "timeout": 300}
    several = {
        "title": "January reminders",
        "schedule": {
            "mon": (("08:00", "19:00"),),
            "wed": (("08:00", "19:00"),),
            "fri": (("08:00", "11:00"),),
        },
        "ivr.broadcast": ("1012345",),
        "ivr.keys.key_1.action": "BRIDGE",
        "ivr.keys.key_1.params.targets": (ring, {**ring, "timeout": 5}, {**ring, "timeout": 7}),
        "ivr.keys.key_1.params.email.enabled": False,
        "ivr.keys.key_9.action": "NONE",
        "options.ccl": 7,
        "options.auto_stop.enabled": True,
        "options.auto_stop.per_key.enabled": True,
        **{f"options.auto_stop.per_key.key_{digit}": digit for digit in range(10)},
        "options.followup.conditions.no_response": True,
    }
    differences = tuple(scenes.new(name, value) for name, value in several.items())
    made = scenes.change(scenes.JANUARY, Action.CREATE, Movement.NEUTRAL, "new", differences=differences)
    return structs.replace(empty, changes=(made,))


EXPECTED = """
Changes, in order: 1
  + plum/campaign/january-reminders  create, run 2027-01
        title January reminders;
        schedule {mon wed: 08:00-19:00, fri: 08:00-11:00}
        ivr: broadcast 1012345
          keys
            key_1: action BRIDGE
              params: targets {number: +16175550197, timeout: 300}, {number:
                  +16175550197, timeout: 5}, {number: +16175550197, timeout: 7};
                  email off
            key_9: action NONE
        options: ccl 7
          auto_stop: on
            per_key: on; key_0 0; key_1 1; key_2 2; key_3 3; key_4 4; key_5 5;
                key_6 6; key_7 7; key_8 8; key_9 9
          followup.conditions: no_response true
"""


def test_a_tree_of_settings_is_read_branch_by_branch(plan: Plan) -> None:
    """Of a hundred settings a reader sees what belongs together, at eighty columns, and every value."""
    sheet = Sheet(80)
    wanted = many(plan)
    sheet.line("Changes, in order: 1")
    changes.changes(sheet, wanted)
    assert sheet.text() == EXPECTED.lstrip("\n")
    assert max(map(width_of, sheet.lines)) <= 80
    told = settings.rows(wanted.changes[0])
    assert sum(len(row.texts) for row in told) == len(wanted.changes[0].differences)


CHANGED = """
  ~ plum/campaign/january-reminders  update, run 2027-01
        options.ccl       7 -> 5
        ivr.keys.key_1.params.email.emails
            anna@example.com berta@example.com
            -> anna@example.com berta@example.com carla@example.com
        ivr.keys.key_2.params.delay  30 -> 240
"""


def test_a_long_name_leaves_its_values_room(plan: Plan) -> None:
    """Before and after stand below a name that leaves them no room, and are not cut for it."""
    mail = ("anna@example.com", "berta@example.com")
    several = {
        "options.ccl": (7, 5),
        "ivr.keys.key_1.params.email.emails": (mail, (*mail, "carla@example.com")),
        "ivr.keys.key_2.params.delay": (30, 240),
    }
    differences = tuple(
        Difference(name, before, after, before, Origin.HERE, Loudness.OTHER)
        for name, (before, after) in several.items()
    )
    changed = scenes.change(
        scenes.JANUARY, Action.UPDATE, Movement.LOUDER, "changed", differences=differences
    )
    sheet = Sheet(80)
    changes.changes(sheet, structs.replace(plan, changes=(changed,)))
    assert sheet.text() == CHANGED.lstrip("\n")
