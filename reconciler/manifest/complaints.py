"""What a schema refuses of a value, in words of ours, with the remedy. Imported where something is refused."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from msgspec import Struct

from reconciler.manifest.composition import Schema
from reconciler.manifest.finding import LONGEST_QUOTE, Finding, did_you_mean, quoted
from reconciler.manifest.validator import compiled
from reconciler.model.problem import Location


class _Mistake(Struct, frozen=True):
    """One complaint of the validator, with the part of the schema and the value that it is about."""

    keyword: str
    schema: Schema
    value: Any
    location: Location

    @property
    def limit(self) -> Any:
        return self.schema.get(self.keyword)

    @property
    def name(self) -> str:
        """How the place is called in a message."""
        keys = [step for step in self.location.pointer if isinstance(step, str)]
        return keys[-1] if keys else str(self.schema.get("title", "the file"))

    @property
    def title(self) -> str:
        return str(self.schema.get("title", self.name))


def mistakes(validator: Any, schema: Schema, value: Any, location: Location) -> Iterator[Finding]:
    """Every mistake of a value that stands at a location; one that two rules find comes twice."""
    for error in validator.iter_errors(value):
        *steps, keyword = error.schema_path
        part, secret = _part(schema, steps)
        where = location.at(*error.instance_path)
        mistake = _Mistake(keyword, part, _inner(value, error.instance_path), where)
        if secret and not isinstance(mistake.value, dict):
            yield _clear_secret(mistake)
        elif steps[-1:] == ["propertyNames"]:
            yield from _bad_name(mistake)
        elif keyword == "anyOf":
            yield from _alternative(mistake)
        else:
            yield from _FINDINGS.get(keyword, _other)(mistake)


def _part(schema: Schema, steps: list[str | int]) -> tuple[Schema, bool]:
    """The part of a schema that a path leads to, and whether it lies in a secret."""
    part: Any = schema
    secret = "x-secret" in schema
    for step in steps:
        part = part[step]
        secret = secret or (isinstance(part, dict) and "x-secret" in part)
    return part, secret


def _inner(value: Any, steps: list[str | int]) -> Any:
    for step in steps:
        value = value[step]
    return value


def _alternative(mistake: _Mistake) -> Iterator[Finding]:
    """Alternatives differ by type: the one of the value's own type says what is wrong."""
    for branch in mistake.limit:
        if _type_name(mistake.value) in _types(branch):
            yield from mistakes(compiled(branch), branch, mistake.value, mistake.location)
            return
    wanted = " or ".join(_TYPE_WORDS[name] for branch in mistake.limit for name in _types(branch))
    message = f"{mistake.name} must be {wanted}, not {_TYPE_WORDS[_type_name(mistake.value)]}"
    yield Finding("TYP01", message, _example(mistake.schema), mistake.location)


def _clear_secret(mistake: _Mistake) -> Finding:
    """A secret in clear, or something else in its place; what stands there is not shown."""
    if mistake.location.pointer[-1:] in (("env",), ("file",)):
        problem = mistake.schema.get("x-problem", {})
        message = problem.get("message", f"{mistake.name} must be text")
        return Finding(problem.get("code", "TYP01"), message, problem.get("help", ""), mistake.location)
    remedy = f"write {mistake.name}: {{env: NAME}}; then change that secret, Git remembers"
    return Finding("SEC01", "a secret stands in the file", remedy, mistake.location)


def _unknown_keys(mistake: _Mistake) -> Iterator[Finding]:
    known = sorted(mistake.schema.get("properties", {}))
    listing = f"keys here are {', '.join(known)}" if known else "remove it"
    for key in mistake.value:
        if key not in known and not key.startswith("x-"):
            message = f"{mistake.title} has no key {quoted(key)}"
            remedy = did_you_mean(key, known, listing)
            yield Finding("KEY01", message, remedy, mistake.location.at(key), on_key=True)


def _missing_keys(mistake: _Mistake) -> Iterator[Finding]:
    for key in mistake.limit:
        if key not in mistake.value:
            inner = mistake.schema.get("properties", {}).get(key, {})
            message = f"{mistake.title} needs {key}"
            yield Finding("KEY02", message, _addition(key, inner), mistake.location, on_key=True)


def _addition(key: str, schema: Schema) -> str:
    """What to add: the key, and the first sentence that the schema says of it."""
    sentence = schema.get("description", "").split(". ")[0].rstrip(".")
    return f"add {key}: {sentence[:1].lower()}{sentence[1:]}".rstrip(": ")


def _bad_name(mistake: _Mistake) -> Iterator[Finding]:
    """The key itself breaks the rule for names; the validator names the map, so all its keys are looked at."""
    rule = mistake.schema["x-problem"]
    validator = compiled(mistake.schema)
    for key in mistake.value:
        if not key.startswith("x-") and not validator.is_valid(key):
            message = rule["message"].format(value=quoted(key))
            yield Finding(rule["code"], message, rule["help"], mistake.location.at(key), on_key=True)


_TYPE_WORDS = {
    "string": "text",
    "integer": "a whole number",
    "number": "a number",
    "boolean": "true or false",
    "object": "a map",
    "array": "a list",
    "null": "nothing",
}

_TYPE_NAMES: Mapping[type, str] = {
    str: "string",
    bool: "boolean",
    int: "integer",
    float: "number",
    dict: "object",
    tuple: "array",
    type(None): "null",
}


def _type_name(value: Any) -> str:
    return _TYPE_NAMES[type(value)]


def _types(schema: Schema) -> list[str]:
    named: str | list[str] = schema.get("type", [])
    return [named] if isinstance(named, str) else named


def _wrong_type(mistake: _Mistake) -> Iterator[Finding]:
    # Text stands for whatever the author wrote: a number as text is an accident of our reading.
    wanted = _types(mistake.schema)
    words = "text" if "string" in wanted else " or ".join(_TYPE_WORDS[name] for name in wanted)
    if mistake.value == "":
        message = f"{mistake.name} has no value"
    elif isinstance(mistake.value, str):
        message = f"{mistake.name} must be {words}, not {quoted(mistake.value)}"
    else:
        message = f"{mistake.name} must be {words}, not {_TYPE_WORDS[_type_name(mistake.value)]}"
    yield Finding("TYP01", message, _type_remedy(mistake, wanted), mistake.location)


_MOST_DIGITS = 15

_YES = {"yes": "true", "on": "true", "y": "true", "no": "false", "off": "false", "n": "false"}


def _type_remedy(mistake: _Mistake, wanted: list[str]) -> str:
    value = mistake.value
    if "boolean" in wanted:
        meant = _YES.get(str(value).lower())
        return f"write {meant}" if meant else "write true or false, without quotes"
    if isinstance(value, str) and {"integer", "number"} & set(wanted):
        bare = value.replace("_", "").lstrip("+0")
        plain = bare.isdecimal() and len(bare) <= _MOST_DIGITS
        return f"write {bare}, without quotes" if plain else "write a number, without quotes"
    if isinstance(value, str) and value and "array" in wanted and len(value) <= LONGEST_QUOTE:
        return f"write it in brackets: [{value}]"
    return _example(mistake.schema)


def _example(schema: Schema) -> str:
    import json

    examples = schema.get("examples", [])
    return f"for example {json.dumps(examples[0], ensure_ascii=False)}" if examples else ""


def _ruled(mistake: _Mistake, code: str, message: str, remedy: str) -> Finding:
    """A finding in the words that the schema itself has for it, or else in these."""
    rule = mistake.schema.get("x-problem")
    if mistake.value == "":
        return Finding("VAL03", f"{mistake.name} has no value", _EMPTY_REMEDY, mistake.location)
    if rule is None:
        return Finding(code, message, remedy, mistake.location)
    options = ", ".join(str(option) for option in mistake.schema.get("enum", ()))
    text = rule["message"].format(value=quoted(mistake.value))
    help_text = rule["help"].replace("{options}", options)
    return Finding(rule["code"], text, _meant(mistake, help_text), mistake.location)


_EMPTY_REMEDY = "write one, or remove the key"


def _meant(mistake: _Mistake, otherwise: str) -> str:
    if mistake.schema.get("format") == "time-zone":
        import zoneinfo

        return did_you_mean(str(mistake.value), sorted(zoneinfo.available_timezones()), otherwise)
    options = [str(option) for option in mistake.schema.get("enum", ())]
    return did_you_mean(str(mistake.value), options, otherwise)


def _not_an_option(mistake: _Mistake) -> Iterator[Finding]:
    options = [str(option) for option in mistake.limit]
    message = f"{mistake.name} cannot be {quoted(mistake.value)}"
    listing = (
        f"write {' or '.join(options)}" if len(options) <= _FEW else f"it is one of {', '.join(options)}"
    )
    yield _ruled(mistake, "VAL01", message, did_you_mean(str(mistake.value), options, listing))


_FEW = 3

_BOUNDS = {
    "minimum": "at least {limit}",
    "maximum": "at most {limit}",
    "exclusiveMinimum": "more than {limit}",
    "exclusiveMaximum": "less than {limit}",
}


def _out_of_range(mistake: _Mistake) -> Iterator[Finding]:
    bound = _BOUNDS[mistake.keyword].format(limit=f"{mistake.limit:,}")
    message = f"{mistake.name} is {mistake.value}, it must be {bound}"
    yield Finding("VAL02", message, "", mistake.location)


def _wrong_form(mistake: _Mistake) -> Iterator[Finding]:
    yield _ruled(mistake, "VAL03", f"{mistake.name} cannot be {quoted(mistake.value)}", "")


def _wrong_length(mistake: _Mistake) -> Iterator[Finding]:
    word = "at most" if mistake.keyword == "maxLength" else "at least"
    message = f"{mistake.name} has {len(mistake.value)} characters, it must have {word} {mistake.limit}"
    yield _ruled(mistake, "VAL03", message, "")


def _wrong_count(mistake: _Mistake) -> Iterator[Finding]:
    word = "at least" if mistake.keyword.startswith("min") else "at most"
    message = f"{mistake.name} has {len(mistake.value)} entries, it must have {word} {mistake.limit}"
    yield Finding("VAL04", message, _example(mistake.schema), mistake.location)


def _repeated(mistake: _Mistake) -> Iterator[Finding]:
    for index, item in enumerate(mistake.value):
        if item in mistake.value[:index]:
            message = f"{quoted(item)} stands twice in {mistake.name}"
            yield Finding("VAL04", message, "keep one of them", mistake.location.at(index))


def _other(mistake: _Mistake) -> Iterator[Finding]:
    """A rule that this module has no words for yet; refused all the same."""
    yield Finding("VAL03", f"{mistake.name} breaks the rule {mistake.keyword}", "", mistake.location)


_FINDINGS: Mapping[str, Callable[[_Mistake], Iterator[Finding]]] = {
    "additionalProperties": _unknown_keys,
    "required": _missing_keys,
    "type": _wrong_type,
    "enum": _not_an_option,
    "minimum": _out_of_range,
    "maximum": _out_of_range,
    "exclusiveMinimum": _out_of_range,
    "exclusiveMaximum": _out_of_range,
    "pattern": _wrong_form,
    "format": _wrong_form,
    "minLength": _wrong_length,
    "maxLength": _wrong_length,
    "minItems": _wrong_count,
    "maxItems": _wrong_count,
    "minProperties": _wrong_count,
    "maxProperties": _wrong_count,
    "uniqueItems": _repeated,
}
