"""Values of schemas as a row of a difference shows them."""

import json

from kafka_gitops.schemas.contract import Json

MOST = 120  # characters of one value


def shown(value: Json) -> str | None:
    """A value in one line: a text as it is, anything else as JSON; None where there is none."""
    if value is None:
        return None
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, sort_keys=True)
    text = " ".join(text.split())
    return text if len(text) <= MOST else f"{text[: MOST - 3]}..."


def texts(values: Json) -> str | None:
    """A list of names in one line."""
    return ", ".join(map(str, values)) if isinstance(values, list) else values
