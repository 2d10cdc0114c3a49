"""What several stand-ins ask of a telephone number."""


def ends_in(number: str, endings: str) -> bool:
    """Whether a number has one of the endings, which are separated by commas; of none it has none."""
    return bool(endings) and any(
        number.endswith(ending.strip()) for ending in endings.split(",") if ending.strip()
    )
