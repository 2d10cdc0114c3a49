"""Pages for people: what stands below a comment, and what is said where a command left nothing."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from reconciler.render.safe import clean, code, markdown

SHORT_SHA = 7
STALE = 4
"""The exit code of an apply that held what was not reviewed."""


def comment(page: str, command: str, head: str, run_url: str) -> str:
    """A page as a comment: what becomes of it on merge, and where it comes from."""
    merge = {
        "plan": "On merge the plan is made anew: what is still as it is here is done, the rest is held and shown. "
    }
    made = f"Made from {code(head[:SHORT_SHA])}" if head else "Made"
    return f"{page.rstrip()}\n\n{merge.get(command, '')}{made} by [this run]({_link(run_url)}).\n"


def left(document: Mapping[str, Any]) -> str:
    """How to go on with what an apply held because nobody had reviewed it as it is now; empty where it held nothing.

    A digest is that of all that is left, so it can be named once a run has done nothing.
    """
    codes, results = document.get("exit_codes"), document.get("results")
    plan = document.get("plan")
    if not isinstance(codes, list) or STALE not in codes or not isinstance(plan, Mapping):
        return ""
    if isinstance(results, Mapping) and results.get("done"):
        return "The rest was not as reviewed and is held: run this by hand, and it shows the digest of what is left."
    digest = code(str(plan.get("digest")))
    return f"Nothing of it was as reviewed. Read it, and run this by hand with plan-digest {digest}."


def issue(page: str) -> str:
    """A drift report as an issue, which is closed by the next run that finds nothing."""
    return f"{page.rstrip()}\n\nThis issue is written anew with every run, and closed when nothing is left.\n"


def issue_title(project: str) -> str:
    """The title of a project's one issue."""
    return f"Drift: {clean(project, 100)}"


def cancelled(command: str) -> str:
    """What is known of a command that was ended before it could say anything."""
    return (
        f"### {markdown(command)} was ended before it could report\n\n"
        "What it had begun is in the state; nothing that is there is lost. Whatever nobody knows the end of, "
        "the next plan shows first, as unknown. Run the same workflow again.\n"
    )


def remark(text: str) -> str:
    """A line about the run itself."""
    return f"> {markdown(text)}\n\n"


def _link(url: str) -> str:
    return clean(url).replace(" ", "%20").replace("(", "%28").replace(")", "%29").replace("<", "%3C")
