"""Reads Kafka's compact types (KIP-482) from bytes; what does not add up is for the library's own decoding."""


class Unreadable(Exception):
    """The bytes are not laid out as expected; the library's own decoding has to read them."""


def varint(body: bytes, at: int) -> tuple[int, int]:
    """An unsigned varint (KIP-482) and where it ends."""
    byte = body[at]
    if byte < 0x80:
        return byte, at + 1
    number, shift = byte & 0x7F, 7
    while True:
        at += 1
        byte = body[at]
        number |= (byte & 0x7F) << shift
        if byte < 0x80:
            return number, at + 1
        shift += 7
        if shift > 28:
            raise Unreadable("a length is too long")


def items(body: bytes, at: int) -> tuple[int, int]:
    """How many items a compact array has and where they begin; one that is null is Unreadable."""
    number, at = varint(body, at)
    if number == 0:
        raise Unreadable("a list is missing")
    return number - 1, at


def text(body: bytes, at: int) -> tuple[str | None, int]:
    """A compact nullable string and where it ends."""
    size, at = varint(body, at)
    if size == 0:
        return None, at
    end = at + size - 1
    if end > len(body):
        raise Unreadable("a text is cut off")
    return body[at:end].decode(), end


def skip_tags(body: bytes, at: int) -> int:
    """Where a section of tagged fields ends."""
    if not body[at]:
        return at + 1
    number, at = varint(body, at)
    for _ in range(number):
        _, at = varint(body, at)
        size, at = varint(body, at)
        at += size
    return at
