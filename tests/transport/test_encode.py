"""Requests as bytes: nothing in a value can leave its place."""

from email import message_from_bytes
from urllib.parse import parse_qsl, urlsplit

from hypothesis import given
from hypothesis import strategies as st
from reconciler.transport.encode import body, multipart, target
from reconciler.transport.request import Effect, Request

NAMES = st.sampled_from(["days", "nickname", "c_numbers", "profiles[0]"])
# An email parser reads the parts below; it folds bare line breaks, which a form reader does not.
LINE_BREAKS = "\r\n\x0b\x0c\x1c\x1d\x1e\x85\u2028\u2029"
VALUES = st.text(st.characters(exclude_categories=["Cs"], exclude_characters=LINE_BREAKS))


@given(st.lists(st.tuples(NAMES, st.text(st.characters(exclude_categories=["Cs"])))))
def test_a_query_says_what_was_given(pairs):
    """Any names and values come out of the query as they went in, all of it plain ASCII."""
    text = target("/api", Request("PATCH", "/x/1", "set", Effect.WRITE, query=tuple(pairs)))
    assert text.isascii()
    assert " " not in text
    assert parse_qsl(urlsplit(text).query, keep_blank_values=True) == pairs


@given(st.dictionaries(NAMES, VALUES, min_size=1))
def test_a_form_says_what_was_given(fields):
    """Any values come out of the multipart body as they went in, each under its name."""
    media_type, content = multipart(tuple(fields.items()), "limit")
    message = message_from_bytes(f"Content-Type: {media_type}\r\n\r\n".encode() + content)
    parts = message.get_payload()
    found = {
        part.get_param("name", header="content-disposition"): part.get_payload(decode=True) for part in parts
    }
    assert {name.replace("%5B", "["): value.decode() for name, value in found.items()} == fields


def test_arrays_travel_as_one_text_field():
    """A form field is sent as multipart/form-data, as the vendor's own curl lines send it (A12)."""
    media_type, content = multipart((("days", '["mon"]'),), "limit")
    assert media_type == "multipart/form-data; boundary=limit"
    assert content == (
        b'--limit\r\nContent-Disposition: form-data; name="days"\r\n\r\n["mon"]\r\n--limit--\r\n'
    )


def test_json_travels_with_its_media_type():
    """A JSON body is UTF-8, without blanks, under the media type that the vendor wants."""
    request = Request("POST", "/", "call", Effect.READ, json={"a": ["é"]}, media_type="application/json-rpc")
    assert body(request) == ("application/json-rpc", '{"a":["é"]}'.encode())


def test_nothing_travels_without_a_body():
    """A request without form or JSON has neither body nor content type."""
    assert body(Request("GET", "/", "read", Effect.READ)) == (None, b"")
