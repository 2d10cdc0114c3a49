"""Media: a file or a spoken text, of a vendor that keeps sounds; each mistake has its code."""

from __future__ import annotations

import pytest
from reconciler.manifest.composition import built_in_vendors
from reconciler.manifest.declared import Context, Declarations, Declared
from reconciler.manifest.rules import findings
from reconciler.model.problem import Location

PROVIDERS = {"callr": "callr", "plum": "plum"}


@pytest.mark.parametrize(
    ("data", "codes"),
    [
        ({"provider": "callr", "text": "Hello", "voice": "TTS_A"}, []),
        ({"provider": "callr", "file": "sound.mp3"}, []),
        ({"provider": "plum", "text": "Hello", "voice": "X"}, ["MED01"]),
        ({"provider": "callr", "text": "Hello"}, ["MED02"]),
        ({"provider": "callr", "file": "sound.mp3", "voice": "X"}, ["MED02"]),
        ({"provider": "callr", "file": "gone.mp3"}, ["MED03"]),
        ({"provider": "callr", "file": "empty.mp3"}, ["MED03"]),
        ({"provider": "callr", "file": "../sound.mp3"}, ["FIL05"]),
    ],
)
def test_a_medium(tmp_path, data, codes):
    """What cannot be a sound is said, and nothing else is."""
    (tmp_path / "sound.mp3").write_bytes(b"sound")
    (tmp_path / "empty.mp3").write_bytes(b"")
    declared = Declarations()
    declared.sections["media"]["greeting"] = Declared("greeting", data, Location("one.yaml"))
    context = Context(str(tmp_path), declared, built_in_vendors(), PROVIDERS, {}, None)
    assert [found.code for found in findings(context)] == codes
