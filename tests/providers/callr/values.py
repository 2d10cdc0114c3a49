"""Arbitrary settings of CALLR campaigns, as manifests hold them once they are lowered."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from hypothesis import strategies as st
from reconciler.model.resource import DAYS
from reconciler.model.value import Value
from reconciler.providers.callr import hours, parameters
from reconciler.providers.callr.about import SMS, VOICE
from reconciler.providers.callr.parameters import Parameter, Sort

texts = st.text(st.characters(codec="utf-8", exclude_categories=("Cs",)), max_size=12)
ids = st.integers(1, 10**8).map(str)
media = st.lists(ids, max_size=3).map(tuple)
emails = st.lists(st.sampled_from(["a@example.com", "b@example.com", "c@example.com"]), unique=True)
targets = st.lists(
    st.fixed_dictionaries({"number": st.just("+16175550100"), "timeout": st.integers(5, 300)}), max_size=2
).map(tuple)
answers = st.lists(
    st.fixed_dictionaries({"key": st.sampled_from("0123456789")}, optional={"text": texts, "broadcast": ids}),
    max_size=2,
).map(tuple)
questions = st.lists(
    st.fixed_dictionaries({}, optional={"text": texts, "broadcast": media, "answers": answers}), max_size=2
).map(tuple)

BY_SORT: Mapping[Sort, st.SearchStrategy[Any]] = {
    parameters.TEXT: texts,
    parameters.NUMBER: st.integers(0, 500),
    parameters.SWITCH: st.booleans(),
    parameters.MEDIA: media,
    parameters.SET: emails.map(tuple),
    parameters.NO_ANSWER: st.booleans() | media,
    parameters.TARGETS: targets,
    parameters.QUESTIONS: questions,
}


def of(parameter: Parameter) -> st.SearchStrategy[Value]:
    """What a manifest may say of a setting, lowered."""
    if parameter.path[-1] == "action":
        return st.sampled_from(sorted(parameters.ACTIONS))
    return BY_SORT[parameter.sort].map(parameter.sort.canonical)


@st.composite
def spans(draw: st.DrawFn) -> tuple[tuple[str, str], ...]:
    """Hours of a day, apart."""
    minutes = sorted(draw(st.sets(st.integers(0, 1439), min_size=2, max_size=6)))
    clocks = [f"{minute // 60:02}:{minute % 60:02}" for minute in minutes]
    return tuple(zip(clocks[: len(clocks) // 2 * 2 : 2], clocks[1::2], strict=True))


weeks = st.builds(hours.weekly, st.sets(st.sampled_from(DAYS)), spans())
types = st.sampled_from((*VOICE, *SMS))


@st.composite
def settings(draw: st.DrawFn) -> dict[str, Value]:
    """The fields of a campaign: of a type, with some of the settings that the type has."""
    type_name = draw(types)
    chosen = draw(st.lists(st.sampled_from(parameters.of_type(type_name)), unique=True, max_size=12))
    named = {item.name: draw(of(item)) for item in chosen}
    return {
        "title": draw(st.from_regex(r"[A-Za-z][A-Za-z ]{0,10}[a-z]", fullmatch=True)),
        "type": type_name,
        "addressbook": draw(st.text("ABC123", min_size=4, max_size=8)),
        "schedule": draw(weeks),
        **named,
    }
