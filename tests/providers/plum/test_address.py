"""The marker in web addresses, and the form they are compared in."""

from urllib.parse import quote, unquote

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from reconciler.providers.plum.address import canonical, has_parameter, marked, unmarked

MARKERS = st.text("abcdefghijklmnopqrstuvwxyz234567", min_size=8, max_size=8)
PARTS = st.text(st.sampled_from("abA1%2f7E?&=#/:@.+~ éreconciler="), max_size=40)
HOSTS = st.sampled_from(["ivr.Example", "jo@h:1"])
URLS = st.builds("{}://{}/{}".format, st.sampled_from(["http", "HTTPS"]), HOSTS, PARTS)


@given(URLS, MARKERS)
@example("https://a.example/?", "abcdefgh")
@example("https://a.example/?x=1&", "abcdefgh")
@example("https://a.example/#?", "abcdefgh")
def test_a_marker_leaves_no_trace(url, marker):
    """Putting a marker into any address and taking it out again gives every byte back."""
    if not has_parameter(url):
        assert unmarked(marked(url, marker)) == (url, marker)


@pytest.mark.parametrize(
    "shown",
    [
        "https://a.example/s?x=1&y=2&reconciler=abcdefgh",
        "https://a.example/s?x=1&reconciler=abcdefgh&y=2",
        "https://a.example/s?reconciler=abcdefgh&x=1&y=2",
    ],
)
def test_the_place_of_the_marker_does_not_matter(shown):
    """A vendor that sorts parameters changes nothing."""
    assert unmarked(shown) == ("https://a.example/s?x=1&y=2", "abcdefgh")


@pytest.mark.parametrize(
    "url", ["https://a/?xreconciler=abcdefgh", "https://a/#reconciler=abcdefgh", "https://a/?reconciler=ab"]
)
def test_what_only_looks_like_a_marker_stays(url):
    """Other parameters, fragments and other values are not ours."""
    assert unmarked(url) == (url, None)


@given(URLS)
def test_the_compared_form_is_settled(url):
    """Bringing an address into its compared form twice changes no more than once."""
    assert canonical(canonical(url)) == canonical(url)


@given(URLS)
def test_the_compared_form_means_the_same(url):
    """The compared form differs in spelling alone: what is encoded is the same."""
    assert unquote(canonical(url)).lower() == unquote(url.strip()).lower()


@given(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="%"), max_size=20))
def test_a_vendors_encoding_is_no_difference(text):
    """Encoding what needs no encoding, or in small letters, compares equal."""
    over = "".join(f"%{byte:02x}" for byte in text.encode())
    assert canonical(f"https://a.example/{over}") == canonical(f"HTTPS://A.example/{quote(text, safe='')}")


@pytest.mark.parametrize(
    ("one", "another"),
    [
        ("https://a.example/a%2Fb", "https://a.example/a/b"),
        ("https://a.example/?a=1%26b", "https://a.example/?a=1&b"),
        ("https://a.example/A", "https://a.example/a"),
        ("https://a.example/?a=+", "https://a.example/?a=%20"),
        ("https://a.example", "https://a.example/"),
        ("https://Jo@a.example/", "https://jo@a.example/"),
    ],
)
def test_different_addresses_stay_different(one, another):
    """What a server may tell apart is a difference."""
    assert canonical(one) != canonical(another)
