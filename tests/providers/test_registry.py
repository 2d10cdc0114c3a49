"""Providers are found by folder or entry point, and imported only when asked for."""

import subprocess
import sys
from importlib.metadata import EntryPoint

import pytest
from reconciler.errors import ReconcilerError
from reconciler.manifest.composition import PLUG_INS
from reconciler.providers import registry


@pytest.fixture
def plug_ins(monkeypatch):
    """Entry points as if packages had been installed."""

    def install(*points):
        found = [EntryPoint(name, value, PLUG_INS) for name, value in points]
        monkeypatch.setattr(
            "importlib.metadata.entry_points", lambda group: found if group == PLUG_INS else []
        )
        registry.get.cache_clear()

    yield install
    registry.get.cache_clear()


def test_a_folder_is_a_provider():
    """A folder beside the registry is known by its name, and gives its provider."""
    assert "plum" in registry.known_types()
    assert registry.get("plum").type == "plum"


def test_knowing_the_types_imports_none():
    """Listing the types loads no provider and no HTTP library."""
    code = (
        "import sys; from reconciler.providers.registry import known_types; known_types();"
        "print([name for name in sys.modules if 'http' in name or 'providers.plum' in name])"
    )
    shown = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    assert shown.stdout == "[]\n"


def test_an_installed_package_adds_a_type(plug_ins):
    """A package with an entry point is a provider like any other."""
    plug_ins(("acme", "reconciler.providers.plum:PROVIDER"))
    assert "acme" in registry.known_types()
    assert registry.get("acme") is registry.get("plum")


def test_no_package_takes_the_place_of_a_vendor(plug_ins):
    """A package that calls itself as a built-in vendor never gets that vendor's token."""
    plug_ins(("plum", "os:path"))
    assert registry.get("plum").type == "plum"
    assert registry.known_types().count("plum") == 1


@pytest.mark.parametrize(
    ("points", "code"), [((), "PRO01"), ((("acme", "os:path"), ("acme", "os:sep")), "PRO02")]
)
def test_no_provider_or_several_are_an_error(plug_ins, points, code):
    """A type that nobody offers, or more than one, is an error that names what there is."""
    plug_ins(*points)
    with pytest.raises(ReconcilerError) as caught:
        registry.get("acme")
    assert caught.value.code == code
