"""JSON Schemas of the manifests: one base, and what each vendor adds to it."""

from __future__ import annotations

import functools
import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from msgspec import Struct
from msgspec.json import encode

Schema = dict[str, Any]

_REFERENCE = re.compile(rb'"\$ref":"#/\$defs/([^"]+)"')

_HERE = Path(__file__).parent
_PACKAGE = _HERE.parent

PLUG_INS = "reconciler.providers"
"""The entry point under which an installed package offers a provider."""


class Vendor(Struct, frozen=True):
    """What a provider type adds, as the text of the `schema.json` in its folder.

    `settings`: of its entry in the project file. `campaign` and `profile`: the block named after it.
    `hosts`: where its documented addresses lead; one may begin with `*.`.
    """

    text: str = "{}"

    @property
    def settings(self) -> Schema:
        """What its entry in the project file holds beside the common settings."""
        part: Schema = _parsed(self.text).get("settings", {})
        return part

    @property
    def campaign(self) -> Schema | None:
        """The block of a campaign; None leaves it open."""
        return _parsed(self.text).get("campaign")

    @property
    def profile(self) -> Schema | None:
        """The block of a profile; None when a profile has none."""
        return _parsed(self.text).get("profile")

    @property
    def media(self) -> bool:
        """Whether it keeps a library of sounds."""
        return bool(_parsed(self.text).get("media", False))

    @property
    def hosts(self) -> tuple[str, ...]:
        """The vendor's own hosts."""
        return tuple(_parsed(self.text).get("hosts", ()))


@functools.lru_cache(maxsize=64)
def _parsed(text: str) -> Schema:
    parts: Schema = json.loads(text)
    return parts


@functools.cache
def known_vendors() -> Mapping[str, Vendor]:
    """The provider types that a project may name: those of installed packages, and ours, which none replaces."""
    return _offered_vendors() | built_in_vendors()


@functools.cache
def built_in_vendors() -> dict[str, Vendor]:
    """The provider types that have a folder here, found by looking, not by importing."""
    folders = sorted(path for path in (_PACKAGE / "providers").iterdir() if _is_provider(path))
    return {folder.name: _vendor(folder / "schema.json") for folder in folders}


def _offered_vendors() -> dict[str, Vendor]:
    """The provider types of installed packages; each keeps its `schema.json` beside the module it names."""
    from importlib import metadata

    return {
        point.name: _vendor(_folder_of(point.module) / "schema.json")
        for point in metadata.entry_points(group=PLUG_INS)
    }


def _folder_of(module: str) -> Path:
    """Where a module is; an empty folder's path if there is none, so that only using it is an error."""
    from importlib.util import find_spec

    try:
        spec = find_spec(module)
    except (ImportError, ValueError):
        return Path(module)
    return Path(spec.origin).parent if spec is not None and spec.origin else Path(module)


def _is_provider(folder: Path) -> bool:
    return any((folder / name).is_file() for name in ("schema.json", "__init__.py"))


def _vendor(path: Path) -> Vendor:
    return Vendor(path.read_text("utf-8")) if path.is_file() else Vendor()


@functools.cache
def backends() -> Mapping[str, Schema]:
    """The settings of each backend type, from `backends/schema.json`."""
    found: Mapping[str, Schema] = json.loads((_PACKAGE / "backends" / "schema.json").read_text("utf-8"))
    return found


def manifest_schema(vendors: Mapping[str, Vendor]) -> Schema:
    """The schema of a manifest, with the blocks of these vendors."""
    schema = _base("manifest")
    for name, vendor in sorted(vendors.items()):
        campaign = vendor.campaign if vendor.campaign is not None else _open_block(name)
        schema["$defs"]["campaign"]["properties"][name] = _closed(f"{name} block", campaign)
        if vendor.profile is not None:
            schema["$defs"]["profile"]["properties"][name] = _closed(f"{name} block", vendor.profile)
    return _with_used_definitions(schema)


def _open_block(name: str) -> Schema:
    return {"description": f"What only {name} has.", "additionalProperties": True}


def project_schema(vendors: Mapping[str, Vendor]) -> Schema:
    """The schema of the project file, with the settings of these vendors."""
    schema = _base("project")
    settings = {name: vendor.settings for name, vendor in vendors.items()}
    schema["$defs"]["provider"] = _by_type(schema["$defs"]["provider"], settings)
    schema["$defs"]["backend"] = _by_type(schema["$defs"]["backend"], backends())
    return _with_used_definitions(schema)


def _by_type(common: Schema, types: Mapping[str, Schema]) -> Schema:
    """An entry whose `type` decides which keys it has."""
    names = sorted(types)
    kind = common["properties"]["type"] | {"enum": names, "examples": names[:1]}
    shared = common["properties"] | {"type": kind}
    rules = [_rule(common, shared, name, types[name]) for name in names]
    return common | {"properties": {"type": kind}, "allOf": rules}


def _rule(common: Schema, shared: Schema, name: str, own: Schema) -> Schema:
    entry = {
        "title": f"{name} {common['title']}",
        "properties": shared | own.get("properties", {}),
        "required": own.get("required", []),
        "examples": own.get("examples", []),
    }
    test = {"properties": {"type": {"const": name}}, "required": ["type"]}
    return {"if": test, "then": _closed(f"{name} {common['title']}", entry)}


def _closed(title: str, part: Schema) -> Schema:
    """A map with no other keys than its own, and `x-…`."""
    rest = {
        "type": "object",
        "title": title,
        "patternProperties": {"^x-": True},
        "additionalProperties": False,
    }
    return rest | part


def _base(name: str) -> Schema:
    text = (_HERE / "schema" / f"{name}.json").read_text("utf-8")
    schema: Schema = json.loads(text)
    return schema


def _with_used_definitions(schema: Schema) -> Schema:
    """Bring in the common definitions that are referred to, and those that these refer to."""
    common = _base("common")
    while missing := _references(schema) - set(schema["$defs"]):
        schema["$defs"] |= {name: common[name] for name in sorted(missing)}
    return schema


def _references(schema: Schema) -> set[str]:
    """The names of the definitions referred to, found in its text: walking it takes many times as long."""
    return {name.decode() for name in _REFERENCE.findall(encode(schema))}


def without_references(schema: Schema) -> Schema:
    """The same schema with each reference replaced by what it names, so that an error's path can be walked."""
    definitions = schema["$defs"]

    def resolved(part: Any) -> Any:
        if isinstance(part, list):
            return [resolved(item) for item in part]
        if not isinstance(part, dict):
            return part
        if isinstance(part.get("$ref"), str):
            name = part["$ref"].removeprefix("#/$defs/")
            part = definitions[name] | {key: value for key, value in part.items() if key != "$ref"}
        return {key: resolved(value) for key, value in part.items()}

    whole: Schema = resolved({key: value for key, value in schema.items() if key != "$defs"})
    return whole
