"""YAML text to nodes with marks: the only user of the YAML parser.

The parser only splits text into nodes. What a node means is decided elsewhere, by the schema, so that
`11:00`, `no` and `0014` stay the text they are.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator
from typing import Any

from reconciler.manifest.finding import Finding, quoted
from reconciler.model.problem import Location

DEEPEST = 50
"""Nodes within nodes; the deepest honest manifest has nine."""
MOST_NODES = 1_000_000
MOST_REPEATED = 100_000
"""Nodes that aliases may repeat, in one document."""

_MAY_BE_DEEP = re.compile(rb"^[ ?:-]{14}", re.MULTILINE)
_MANY_BRACKETS = 20
_SMALL = 500_000


class Unreadable(Exception):
    """A file, or the rest of it, that no meaning can be taken from."""

    def __init__(self, finding: Finding) -> None:
        super().__init__(finding.message)
        self.finding = finding


def documents(path: str, data: bytes) -> Iterator[Any]:
    """The root nodes of a file's documents, empty ones left out; raises Unreadable at the first flaw.

    A generator, so that the documents before a flaw can still be read and only one is in memory.
    """
    import yaml

    loader = None
    try:
        loader = _composer(_may_be_large(data))(data)
        while loader.check_node():
            node = loader.get_node()
            if b"&" in data:
                _refuse_bomb(path, node)
            if not (node.id == "scalar" and not node.value and not node.style):
                yield node
    except yaml.YAMLError as error:
        raise Unreadable(_explained(path, data, error)) from None
    except (ValueError, OverflowError):
        # Only the pure parser: an escape beyond the last character.
        place_ = Location(path, loader.line + 1 if loader is not None else 1, 1)
        raise Unreadable(Finding("YML01", "an escape that is no character", _ESCAPES, place_)) from None
    except _Excess as excess:
        raise Unreadable(excess.finding(path)) from None
    finally:
        if loader is not None:
            loader.dispose()


def place(path: str, mark: Any) -> Location:
    """Where a mark of the parser points."""
    return Location(path, mark.line + 1, mark.column + 1)


class _Excess(Exception):
    """Composing stops: the text is nested too deep, or has too many nodes."""

    def __init__(self, depth: int, line: int) -> None:
        super().__init__()
        self.depth, self.line = depth, line

    def finding(self, path: str) -> Finding:
        if self.depth > DEEPEST:
            message = f"nested more than {DEEPEST} deep"
            return Finding("YML05", message, "a manifest needs nine levels", Location(path, self.line, 1))
        message = f"more than {MOST_NODES:,} values in one file"
        return Finding("YML05", message, "split the file", Location(path, self.line, 1))


@functools.cache
def _composer(watched: bool) -> Any:
    """The composer class: libyaml's where it is built in, else the pure one; `watched` counts as it goes."""
    import yaml

    base: Any = getattr(yaml.cyaml, "CParser") if yaml.__with_libyaml__ else _pure_base()  # noqa: B009
    bare = {
        # Tags are never guessed from the text: None means that the schema decides.
        "resolve": lambda _self, _kind, _value, _implicit: None,
        "descend_resolver": lambda _self, _parent, _index: None,
        "ascend_resolver": lambda _self: None,
        "dispose": lambda _self: None,
    }
    watching = {"descend_resolver": _descend, "ascend_resolver": _ascend, "depth": 0, "seen": 0}
    return type("Composer", (base,), bare | watching if watched else bare)


def _pure_base() -> type:
    from yaml.composer import Composer
    from yaml.parser import Parser
    from yaml.reader import Reader
    from yaml.scanner import Scanner

    class Pure(Reader, Scanner, Parser, Composer):
        """PyYAML without libyaml: ten times slower, same nodes."""

        def __init__(self, stream: bytes) -> None:
            Reader.__init__(self, stream)
            Scanner.__init__(self)
            Parser.__init__(self)
            Composer.__init__(self)

    return Pure


def _descend(self: Any, parent: Any, _index: Any) -> None:
    self.depth += 1
    self.seen += 1
    if self.depth > DEEPEST or self.seen > MOST_NODES:
        raise _Excess(self.depth, parent.start_mark.line + 1 if parent is not None else 1)


def _ascend(self: Any) -> None:
    self.depth -= 1


def _may_be_large(data: bytes) -> bool:
    """Whether the text could nest deep or hold very many nodes, judged without parsing; rarely true.

    Each level needs a bracket or a further column, so little of both means little depth.
    """
    brackets = data.count(b"[") + data.count(b"{")
    return brackets > _MANY_BRACKETS or len(data) > _SMALL or _MAY_BE_DEEP.search(data) is not None


def _refuse_bomb(path: str, root: Any) -> None:
    """Refuse aliases that contain themselves, or that repeat so much that memory would burst."""
    sizes: dict[int, int] = {}
    _measure(path, root, sizes)
    if sizes[id(root)] - len(sizes) > MOST_REPEATED:
        message = f"aliases repeat more than {MOST_REPEATED:,} values"
        raise Unreadable(Finding("YML04", message, "write fewer aliases", place(path, root.start_mark)))


def _measure(path: str, node: Any, sizes: dict[int, int]) -> int:
    """How many nodes a node stands for once its aliases are written out; 0 marks one under way."""
    key = id(node)
    if key in sizes:
        if not sizes[key]:
            message = "an alias stands inside what it repeats"
            raise Unreadable(Finding("YML04", message, "write it out", place(path, node.start_mark)))
        return sizes[key]
    sizes[key] = 0
    sizes[key] = 1 + sum(_measure(path, child, sizes) for child in children(node))
    return sizes[key]


def children(node: Any) -> list[Any]:
    """The nodes right below a node, keys among them."""
    if node.id == "scalar":
        return []
    if node.id == "sequence":
        return list(node.value)
    return [part for pair in node.value for part in pair]


_ESCAPES = "write the character itself, or use '…' where no escape is meant"
_WORDS = (
    (
        "found undefined alias",
        "an alias without its anchor",
        "write the anchor (&name) before the alias (*name)",
    ),
    ("found duplicate anchor", "the same anchor twice", "give each anchor (&name) its own name"),
    (
        "mapping values are not allowed",
        "a colon where no key can stand",
        "quote text that has a colon and a blank",
    ),
    ("could not find expected ':'", "a key without its colon", "write key: value"),
    ("found unexpected end of stream", "the file ends inside a quoted text", "close the quote"),
    ("unexpected document separator", "the file ends inside a quoted text", "close the quote"),
    ("unknown escape character", "an escape that does not exist", _ESCAPES),
    ("escape code", "an escape that is no character", _ESCAPES),
    (
        "did not find expected hexdecimal",
        "an escape that is no character",
        _ESCAPES,
    ),
    ("expected ',' or ']'", "a list in [ ] is not closed", "put commas between the items, and ] at the end"),
    ("expected ',' or '}'", "a map in { } is not closed", "put commas between the keys, and } at the end"),
    (
        "did not find expected key",
        "this line does not fit the indentation above",
        "give keys of one map the same column",
    ),
    (
        "expected <block end>",
        "this line does not fit the indentation above",
        "give keys of one map the same column",
    ),
    (
        "did not find expected '-'",
        "this line does not fit the list above",
        "give items of one list the same column",
    ),
    (
        "block sequence entries are not allowed",
        "a list item where none can stand",
        "begin the list on a line of its own",
    ),
    (
        "did not find expected <document start>",
        "text after the end of the document",
        "separate documents by ---",
    ),
    ("directive", "a line with % that means nothing", "remove it"),
    ("undefined tag handle", "a tag", "remove it; no value here needs one"),
    ("cannot start any token", "a character that no value begins with", "quote the text"),
)
"""What the parser says, what that means, and the remedy."""


def _explained(path: str, data: bytes, error: Any) -> Finding:
    """The parser's complaint in words of ours."""
    mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
    if mark is None:
        return _not_text(path, data, error)
    where = place(path, mark)
    if _tab_indents(data, mark.line):
        return Finding("YML02", "a tab indents this line", "indent with blanks; YAML refuses tabs", where)
    problem = str(getattr(error, "problem", "") or "")
    for fragment, message, remedy in _WORDS:
        if fragment in problem:
            return Finding("YML01", message, remedy, where)
    return Finding(
        "YML01", f"not YAML: {quoted(problem)[1:-1]}", "look at this line and the one above", where
    )


def _tab_indents(data: bytes, line: int) -> bool:
    lines = data.splitlines()
    text = lines[line] if line < len(lines) else b""
    return b"\t" in text[: len(text) - len(text.lstrip())]


_FORBIDDEN = "[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]"
"""Characters that YAML allows nowhere: a pattern that takes longer to compile than all others together."""


def _not_text(path: str, data: bytes, error: Any) -> Finding:
    """The bytes are no text that YAML allows: another encoding, or a control character."""
    try:
        text = data.decode()
    except UnicodeDecodeError as flaw:
        where = _after(path, data[: flaw.start].decode())
        return Finding("FIL04", "not UTF-8", "save the file as UTF-8", where)
    found = re.search(_FORBIDDEN, text)
    if found is None:
        remedy = "look at the file as bytes"
        return Finding("YML01", f"not YAML: {quoted(str(error))[1:-1]}", remedy, Location(path, 1, 1))
    message = f"a control character (U+{ord(found.group()):04X})"
    return Finding("TXT01", message, "remove it", _after(path, text[: found.start()]))


def _after(path: str, before: str) -> Location:
    """The place that follows a piece of text at the start of a file."""
    return Location(path, before.count("\n") + 1, len(before) - before.rfind("\n"))
