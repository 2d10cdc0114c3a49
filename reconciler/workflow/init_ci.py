"""Workflows of a new project: the examples' own, with this project's folder, secrets and pins in them."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from pathlib import Path

import reconciler
from reconciler.errors import UsageError

EXAMPLE_FOLDER = "outreach"
"""Where the project is in the examples."""

UNKNOWN_ACTION = f"OWNER/campaign-reconciler@{'0' * 40}"
"""What the examples take the action from: to be replaced, since only the reader knows where they have it."""

BACKEND = "{type: git, key: {env: RECONCILER_KEY}}"
"""State that outlives a job, with nothing but the repository."""

_ACTION = re.compile(r"[A-Za-z0-9._-]+/[A-Za-z0-9._-]+@[0-9a-f]{40}")
_KEPT = ("plan", "apply", "drift", "stop", "stop-drill")
_CHANGED = '["reconciler.yaml", "manifests/**"'


def workflows(
    forge: str, folder: Path, *, variables: Sequence[str], ticks: bool, action: str | None
) -> dict[str, str]:
    """Files by their path below the project's folder, or above it where the repository's root is.

    `ticks`: whether something needs the scheduled tick. Raises UsageError for an action without its full SHA.
    """
    if action is not None and not _ACTION.fullmatch(action):
        help_text = "write OWNER/REPOSITORY@ and the full SHA of a release's commit, 40 letters and digits"
        raise UsageError(f"{action!r} is no action at a commit", help_text)
    top, inside = _repository(folder)
    source = _source()
    if forge == "gitlab":
        text = _of_gitlab((source / "examples/gitlab/.gitlab-ci.yml").read_text("utf-8"), inside)
        lock = (source / "requirements/run.lock").read_text("utf-8")
        return {f"{top}.gitlab-ci.yml": text, f"{top}campaigns.lock": lock}
    found = {}
    for name in (*_KEPT, *(("tick",) if ticks else ())):
        text = (source / f"examples/github/{name}.yml").read_text("utf-8")
        path = f"{top}.github/workflows/campaigns-{name}.yml"
        found[path] = _of_github(text, inside, variables, action)
    return found


def _source() -> Path:
    """Where examples and locks are: in the package when installed, beside it in a checkout."""
    package = Path(reconciler.__file__).parent
    return next((each for each in (package, package.parent) if (each / "examples").is_dir()), package)


def _repository(folder: Path) -> tuple[str, str]:
    """The way up to the repository's root, and the way from there down to the project."""
    whole = folder.resolve()
    for number, above in enumerate((whole, *whole.parents)):
        if (above / ".git").exists():
            return "../" * number, whole.relative_to(above).as_posix()
    return "", "."


def _of_github(text: str, inside: str, variables: Sequence[str], action: str | None) -> str:
    """An example workflow for a project in a folder, with its secrets, at an action's commit."""
    if action is not None:
        repository, _, commit = action.partition("@")
        text = text.replace(UNKNOWN_ACTION, action).replace("OWNER/campaign-reconciler", repository)
        text = text.replace(f'"{"0" * 40}"', f'"{commit}"')
        text = re.sub(r"(@[0-9a-f]{40}|[0-9a-f]{40}\") # v0\.1\.0", r"\1", text)
        text = re.sub(r"^# Copy to .*\n", "", text, flags=re.MULTILINE)
    lines = [_secrets(line, variables) for line in text.splitlines(keepends=True)]
    return _in_folder("".join(lines), inside)


def _secrets(line: str, variables: Sequence[str]) -> str:
    """The line of the example's vendor as one line for each of ours."""
    found = re.fullmatch(r"( +)(\w+): \$\{\{ secrets\.\w+ \}\}\n", line)
    if found is None:
        return line
    if found[2] == "RECONCILER_KEY":  # stands first; what follows it in the example is its vendor's
        return ""
    return "".join(f"{found[1]}{name}: ${{{{ secrets.{name} }}}}\n" for name in variables)


def _in_folder(text: str, inside: str) -> str:
    """The example's folder as ours; in the root of a repository the filters name what is the project's."""
    if inside == ".":
        text = text.replace(f'["{EXAMPLE_FOLDER}/**"', _CHANGED)
        return text.replace(f"path: {EXAMPLE_FOLDER}\n", 'path: "."\n').replace(f"-{EXAMPLE_FOLDER}", "")
    named = re.sub(r"[^A-Za-z0-9]+", "-", inside)
    text = text.replace(f'["{EXAMPLE_FOLDER}/**"', f'["{inside}/**"')
    text = text.replace(f"path: {EXAMPLE_FOLDER}\n", f'path: "{inside}"\n')
    return text.replace(f"-{EXAMPLE_FOLDER}", f"-{named}")


def _of_gitlab(text: str, inside: str) -> str:
    pattern = '["reconciler.yaml", "manifests/**/*"]' if inside == "." else f'["{inside}/**/*"]'
    text = text.replace(f'["{EXAMPLE_FOLDER}/**/*"]', pattern)
    text = text.replace(f"PROJECT: {EXAMPLE_FOLDER}\n", f'PROJECT: "{inside}"\n')
    return re.sub(r'RECONCILER_VERSION: "[^"]*"', f'RECONCILER_VERSION: "{reconciler.__version__}"', text)


def needs_ticks(manifests: Mapping[str, str]) -> bool:
    """Whether a manifest leaves days or dates to the scheduled tick."""
    return any(re.search(r"enforce:\s*reconciler", text) for text in manifests.values())
