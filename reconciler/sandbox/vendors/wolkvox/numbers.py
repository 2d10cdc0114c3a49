"""Telephone numbers as a wolkvox operation dials them: local writing behind a dial prefix, not E.164.

The samples write `93242567400` (a prefix and ten digits) and `57300…` (a country code and ten digits), so both
are read, and so is what begins with `+` or `00`.
"""

from reconciler.sandbox.vendors.wolkvox.options import Options

INTERNATIONAL = "00"
REGIONS = {"57": "CO", "52": "MX", "1": "US", "34": "ES", "51": "PE", "54": "AR", "56": "CL"}


def international(text: str, options: Options) -> str:
    """Write what is dialled as E.164."""
    digits = "".join(filter(str.isdigit, text))
    if text.strip().startswith("+"):
        return f"+{digits}"
    bare = _without_prefix(digits, options)
    if bare.startswith(INTERNATIONAL):
        return f"+{bare.removeprefix(INTERNATIONAL)}"
    return f"+{options.country_code}{bare}" if len(bare) == options.national_length else f"+{bare}"


def identity(text: str, options: Options) -> str:
    """Return what makes two numbers the same to the do-not-call list."""
    return text if options.dnc_spelling == "exact" else international(text, options)


def _without_prefix(digits: str, options: Options) -> str:
    rest = digits.removeprefix(options.dial_prefix)
    whole = len(options.country_code) + options.national_length
    is_national = len(rest) == options.national_length
    is_whole = len(rest) == whole and rest.startswith(options.country_code)
    return rest if is_national or is_whole or rest.startswith(INTERNATIONAL) else digits
