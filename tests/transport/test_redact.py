"""What a vendor says may hold anything; what we repeat of it may not."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from reconciler.transport.redact import LONGEST, safe_text

SECRET = "3cbde128-32b6-47aa"


@pytest.mark.parametrize(
    ("text", "safe"),
    [
        ("The nickname has already been taken.", "The nickname has already been taken."),
        (
            "Schedule wk(id 6) is being used with campaign id 3.",
            "Schedule wk(id 6) is being used with campaign id 3.",
        ),
        ("bad number +1 617 555-0123!", "bad number [number]!"),
        ("tel:+16175550123;ani=6175550199", "tel:[number];ani=[number]"),
        ("call (617) 555.0123", "call [number]"),
        ("\u0661\u0662\u0663\u0664\u0665\u0666\u0667\u0668", "[number]"),
        ("6\u200b17555\u200b0123", "[number]"),
        ("on 2027-01-04 at most", "on 2027-01-04 at most"),
        ("on 2027-01-04 00:00:00", "on 2027-01-04 00:00:00"),
        (f"token {SECRET} is wrong", "token [secret] is wrong"),
        ("\x1b[31mred\x1b[0m \x1b]0;title\x07text", "red text"),
        ("\x9b31mred", "red"),
        ("two\nlines\r\nand\ttabs", "two lines and tabs"),
        ("abc\u202edcba", "abcdcba"),
        ("::set-output name=x::y", "::set-output name=x::y"),
    ],
)
def test_text_is_made_safe(text, safe):
    """Escapes, controls, direction marks, secrets and phone numbers do not pass; plain words do."""
    assert safe_text(text, (SECRET,)) == safe


@given(st.text(max_size=300), st.integers(10**9, 10**15), st.text(max_size=300))
def test_no_number_passes(before, number, after):
    """Whatever stands around it, a phone number never passes."""
    assert str(number) not in safe_text(f"{before}+{number}{after}")


@given(st.text(max_size=500))
def test_what_passes_is_printable_and_short(text):
    """One printable line of bounded length comes out of any text."""
    safe = safe_text(text)
    assert safe.isprintable()
    assert len(safe) <= LONGEST
    assert not re.search(r"\d{7}", safe)


@given(st.text(max_size=100))
def test_a_secret_never_passes(around):
    """A known secret is masked wherever it stands."""
    assert SECRET not in safe_text(f"{around}{SECRET}{around}", (SECRET,))


@given(st.text(max_size=300))
def test_safe_text_stays_as_it_is(text):
    """Making safe text safe again changes nothing."""
    once = safe_text(text)
    assert safe_text(once) == once or len(once) == LONGEST
