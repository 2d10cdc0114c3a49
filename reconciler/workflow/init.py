"""The use case of beginning: a project's files, its key, and nothing overwritten."""

from __future__ import annotations

import datetime as dt
import json
import re
import secrets
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from msgspec import Struct

from reconciler import __version__
from reconciler.backends.keys import NAME as KEY_NAME
from reconciler.backends.keys import make_key
from reconciler.backends.opening import STATE_FOLDER
from reconciler.errors import UsageError
from reconciler.manifest.composition import known_vendors, manifest_schema, project_schema
from reconciler.providers import registry
from reconciler.state.key import fingerprint
from reconciler.workflow.init_ci import BACKEND, needs_ticks, workflows

ALPHABET = "abcdefghijkmnpqrstuvwxyz23456789"
"""Of project ids: no two letters that look alike."""

IGNORED = (f"{STATE_FOLDER}/", "contacts/")

PROJECT = """\
# yaml-language-server: $schema=schemas/project.schema.json
version: 1
requires: ">={minor},<{next_minor}"
project: {name}
project_id: {project_id} # never change it: what is at the vendors is found again by it
defaults: {{timezone: America/New_York}}
providers:
{providers}manifests: [manifests]
backend: {backend}
limits: {{max_people: 1000}}
"""

LOCAL = f"{{type: local, path: {STATE_FOLDER}}}"

MODELINE = "# yaml-language-server: $schema=../schemas/manifest.schema.json\n"

CONTACTS = "phone,reference\n+16175550101,example-1\n+16175550102,example-2\n"
"""Two people who do not exist: such numbers are kept free for stories."""


class Begun(Struct, frozen=True):
    """What a new project consists of. `key` is the fingerprint of the key that was made, if one was."""

    folder: Path
    name: str
    project_id: str
    providers: tuple[str, ...]
    written: tuple[str, ...]
    variables: tuple[str, ...]
    key: str | None


def begin(
    folder: Path,
    *,
    name: str | None,
    types: Sequence[str],
    today: dt.date,
    forge: str | None = None,
    action: str | None = None,
) -> Begun:
    """Write a project's files; raises UsageError, having written nothing, where there is one already.

    `forge`: `github` or `gitlab`, whose workflows are written, too; then state is kept in the repository.
    """
    chosen = tuple(dict.fromkeys(types))
    _refuse_unknown(chosen)
    project_id = "".join(secrets.choice(ALPHABET) for _ in range(8))
    called = _slug(name or folder.resolve().name)
    files = _files(called, project_id, chosen, today, LOCAL if forge is None else BACKEND)
    if forge is not None:
        ticks = needs_ticks(files)
        files |= workflows(
            forge, folder, variables=("RECONCILER_KEY", *_variables(chosen)), ticks=ticks, action=action
        )
    _refuse_existing(folder, files)
    for path, content in files.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(content, encoding="utf-8")
    ignored = _ignore(folder)
    return Begun(
        folder=folder,
        name=called,
        project_id=project_id,
        providers=chosen,
        written=(*files, *ignored),
        variables=(*(("RECONCILER_KEY",) if forge is not None else ()), *_variables(chosen)),
        key=_key(folder),
    )


def _refuse_unknown(types: Iterable[str]) -> None:
    known = sorted(name for name in registry.built_in() if _example(name) is not None)
    for name in types:
        if name not in known:
            raise UsageError(
                f"there is no example for providers of type {name!r}", f"types are {', '.join(known)}"
            )


def _slug(text: str) -> str:
    """A project's name as a manifest holds it."""
    return re.sub(r"[^a-z0-9]+", "-", text.lower()).strip("-") or "outreach"


def _files(name: str, project_id: str, types: Sequence[str], today: dt.date, backend: str) -> dict[str, str]:
    vendors = known_vendors()
    files = {
        "reconciler.yaml": _project(name, project_id, types, backend),
        "contacts/example.csv": CONTACTS,
        "schemas/project.schema.json": _schema(project_schema(vendors)),
        "schemas/manifest.schema.json": _schema(manifest_schema(vendors)),
    }
    for type_name in types:
        path = "example" if type_name == types[0] else f"example-{type_name}"
        text = _manifest(type_name, today)
        files[f"manifests/{path}.campaigns.yaml"] = (
            text if type_name == types[0] else _renamed(text, type_name)
        )
    return files


def _renamed(text: str, type_name: str) -> str:
    """A further example beside the first, whose names are taken: each name with the vendor's type after it."""
    for name in re.findall(r"^  ([a-z-]+):", text, re.MULTILINE):
        declared = rf"^  {name}:" if name == "example" else rf"(?<![\w./-]){name}(?![\w./-])"
        text = re.sub(
            declared, lambda found: found[0].replace(found[0].strip(" :"), f"{found[0].strip(' :')}-{type_name}"),
            text, flags=re.MULTILINE,
        )  # fmt: skip
    return text


def _project(name: str, project_id: str, types: Iterable[str], backend: str) -> str:
    major, minor = (int(part) for part in __version__.split(".")[:2])
    return PROJECT.format(
        minor=f"{major}.{minor}",
        next_minor=f"{major}.{minor + 1}",
        name=name,
        project_id=project_id,
        providers="".join(f"  {each}: {_flow(_settings(each))}\n" for each in types),
        backend=backend,
    )


def _settings(type_name: str) -> Mapping[str, object]:
    examples = known_vendors()[type_name].settings.get("examples", [])
    found: Mapping[str, object] = examples[0] if examples else {"type": type_name}
    return found


def _flow(value: object) -> str:
    """A value as YAML in one line."""
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{key}: {_flow(each)}" for key, each in value.items()) + "}"
    return value if isinstance(value, str) and re.fullmatch(r"[A-Za-z_]+", value) else json.dumps(value)


def _manifest(type_name: str, today: dt.date) -> str:
    start = today + dt.timedelta(days=7 - today.weekday())
    content = (_example(type_name) or "").replace("PROVIDER", type_name)
    content = content.replace("START_DATE", start.isoformat())
    content = content.replace("END_DATE", (start + dt.timedelta(days=25)).isoformat())
    return MODELINE + content


def _example(type_name: str) -> str | None:
    """The manifest that a provider's folder has for beginners."""
    path = Path(registry.__file__).parent / type_name / "example.yaml"
    return path.read_text("utf-8") if path.is_file() else None


def _schema(schema: Mapping[str, object]) -> str:
    return json.dumps(schema, indent=2, ensure_ascii=False) + "\n"


def _refuse_existing(folder: Path, files: Iterable[str]) -> None:
    there = [path for path in ("reconciler.yml", *files) if (folder / path).exists()]
    if there:
        help_text = "nothing was written; choose an empty folder with -C, or remove it first"
        raise UsageError(f"already in {folder}: {', '.join(there)}", help_text)


def _ignore(folder: Path) -> tuple[str, ...]:
    """Keep state and people out of Git; lines that are there already are left alone."""
    path = folder / ".gitignore"
    before = path.read_text("utf-8") if path.exists() else ""
    missing = [line for line in IGNORED if line not in before.splitlines()]
    if not missing:
        return ()
    joint = "" if not before or before.endswith("\n") else "\n"
    path.write_text(before + joint + "".join(f"{line}\n" for line in missing), encoding="utf-8")
    return (".gitignore",)


def _variables(types: Iterable[str]) -> list[str]:
    """The environment variables that the project file names."""
    return [
        str(each["env"])
        for name in types
        for each in _settings(name).values()
        if isinstance(each, Mapping) and "env" in each
    ]


def _key(folder: Path) -> str | None:
    """Make the key; one that is there stays, since people are known by it."""
    if (folder / STATE_FOLDER / KEY_NAME).exists():
        return None
    return fingerprint(make_key(folder / STATE_FOLDER))
