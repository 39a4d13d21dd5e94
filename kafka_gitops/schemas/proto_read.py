"""The reader of Protobuf files, by the published grammar of proto2, proto3 and editions."""

from kafka_gitops.schemas.contract import MAX_DEPTH, MAX_TEXT
from kafka_gitops.schemas.proto_text import Block, FieldOf, Token, fault, tokens


def read(text: str) -> Block:
    """The tree of a .proto text. Raises Unread."""
    if len(text) > MAX_TEXT:
        raise fault(text, 0, f"a schema of {len(text):,} characters; at most {MAX_TEXT:,} are read")
    if not text.strip():
        raise fault(text, 0, "the file is empty")
    return _Reader(text).file()


class _Reader:
    def __init__(self, text: str) -> None:
        self.text = text
        self.left = tokens(text)
        self.tokens: list[Token] = []  # as far as they were needed
        self.at = 0
        self.depth = 0

    @property
    def next(self) -> Token:
        return self.ahead(0)

    def ahead(self, count: int) -> Token:
        """The token so many after the next one; the end of the file is followed by itself."""
        while len(self.tokens) <= self.at + count:
            self.tokens.append(next(self.left, self.tokens[-1] if self.tokens else Token("end", "", 0)))
        return self.tokens[self.at + count]

    def take(self, kind: str, expected: str) -> Token:
        token = self.next
        if token.kind != kind:
            self.stop(expected)
        self.at += 1
        return token

    def sign(self, value: str) -> None:
        if not self.skip(value):
            self.stop(f'"{value}"')

    def skip(self, value: str) -> bool:
        if self.next.kind in ("sign", "name") and self.next.value == value:
            self.at += 1
            return True
        return False

    def stop(self, expected: str) -> None:
        token = self.next
        found = token.value if token.kind == "end" else f'"{token.value[:40]}"'
        raise fault(self.text, token.at, f"found {found}, expected {expected}")

    def texts(self) -> str:
        parts = [self.take("text", "a text in quotes").value[1:-1]]
        while self.next.kind == "text":
            parts.append(self.take("text", "a text").value[1:-1])
        return "".join(parts)

    def file(self) -> Block:
        file = Block("file", "")
        while self.next.kind != "end":
            self.statement(file)
        return file

    def statement(self, block: Block) -> None:
        """One statement of the file."""
        if self.skip(";"):
            return None
        word = self.take("name", "message, enum, service, extend, import, option or package").value
        if word in ("syntax", "edition"):
            self.sign("=")
            block.options[word] = self.texts()
        elif word == "package":
            block.name = self.take("name", "a package").value
        elif word == "import":
            modifier = next((one for one in ("public", "weak", "option") if self.skip(one)), "")
            block.statements.append(f"{modifier} {self.texts()}".strip())
        elif word == "option":
            self.option(block.options)
        elif word in ("export", "local") and self.next.value in ("message", "enum"):
            return self.statement(block)
        elif word in ("message", "enum", "service", "extend"):
            return self.block(block, word)
        else:
            self.at -= 1
            self.stop("message, enum, service, extend, import, option or package")
        return self.sign(";")

    def block(self, parent: Block, kind: str) -> None:
        """A message, enum, service or extension behind its keyword."""
        token = self.take("name", "a name")
        block = Block(kind, token.value, index=token.at)
        parent.blocks.append(block)
        self.body(block)

    def body(self, block: Block, oneof: str = "") -> None:
        self.depth += 1
        if self.depth > MAX_DEPTH:
            raise fault(self.text, self.next.at, f"nested deeper than {MAX_DEPTH} levels")
        self.sign("{")
        while not self.skip("}"):
            if not self.skip(";"):
                self.member(block, oneof)
        self.depth -= 1

    def member(self, block: Block, oneof: str) -> None:
        """One statement inside a block."""
        start = self.at
        word = self.take("name", 'a field, or "}"').value
        after = self.next
        if word == "option":
            self.option(block.options)
            self.sign(";")
        elif block.kind == "enum" and word != "reserved":
            self.value(block, word, self.tokens[start].at)
        elif word in ("reserved", "extensions") and self.is_range():
            self.ranges(block, word)
        elif block.kind == "service":
            self.rpc(block, word)
        elif word in ("message", "enum", "extend") and self.ahead(1).value == "{":
            self.block(block, word)
        elif word in ("export", "local") and after.value in ("message", "enum"):
            self.at += 1
            self.block(block, after.value)
        elif word == "oneof" and self.ahead(1).value == "{":
            self.at += 1
            self.body(block, after.value)
        else:
            self.at = start
            self.field(block, oneof)

    def is_range(self) -> bool:
        """Whether numbers or names follow, and not a field's name; in editions names stand without quotes."""
        return self.next.kind in ("number", "text") or self.next.value == "-" or self.ahead(1).value in (";", ",")

    def field(self, block: Block, oneof: str) -> None:
        label = ""
        if self.next.value in ("repeated", "optional", "required") and self.ahead(1).kind == "name":
            label = self.take("name", "a label").value
        kind = self.take("name", "a type").value
        if kind == "map" and self.skip("<"):
            key = self.take("name", "a type of keys").value
            self.sign(",")
            kind = f"map<{key}, {self.take('name', 'a type of values').value}>"
            self.sign(">")
        name = self.take("name", "a field's name")
        self.sign("=")
        found = FieldOf(name.value, self.number(), kind, label, oneof, index=name.at)
        if self.skip("["):
            self.options(found.options)
        block.fields.append(found)
        if kind == "group":
            inner = Block("message", name.value, index=name.at)
            block.blocks.append(inner)
            return self.body(inner)
        return self.sign(";")

    def value(self, block: Block, name: str, index: int) -> None:
        self.sign("=")
        found = FieldOf(name, self.number(), "value", index=index)
        if self.skip("["):
            self.options(found.options)
        block.fields.append(found)
        self.sign(";")

    def number(self) -> int:
        minus = self.skip("-")
        token = self.take("number", "a number")
        try:
            value = int(
                token.value,
                16 if token.value[:2].lower() == "0x" else 8 if token.value[:1] == "0" and len(token.value) > 1 else 10,
            )
        except ValueError:
            raise fault(self.text, token.at, f'found "{token.value[:40]}", expected a whole number') from None
        return -value if minus else value

    def ranges(self, block: Block, word: str) -> None:
        parts: list[str] = []
        while not self.skip(";"):
            if self.skip("["):
                self.options({})
            elif self.next.kind == "text":
                parts.append(self.texts())
            elif self.next.kind == "name":
                parts.append(self.take("name", "a name").value)
            else:
                first = self.number()
                last = (self.skip("max") and (1 << 29) - 1) or self.number() if self.skip("to") else first
                parts.append(str(first) if first == last else f"{first}-{last}")
            self.skip(",")
        (block.reserved if word == "reserved" else block.statements).extend(parts)

    def rpc(self, block: Block, word: str) -> None:
        if word not in ("rpc", "stream"):
            self.at -= 1
            self.stop('rpc, option, or "}"')
        words = []
        while self.next.value not in (";", "{"):
            if self.next.kind == "end":
                self.stop('";"')
            words.append(self.next.value)
            self.at += 1
        block.statements.append(" ".join(words))
        if self.next.value == "{":
            self.body(Block("service", "", index=self.next.at))

    def option(self, options: dict[str, str]) -> None:
        """`name = constant`, where the name may have parts in brackets."""
        name = ""
        while self.next.value != "=":
            if self.next.kind not in ("name", "sign") or self.next.value in ("{", "}", ";"):
                self.stop('an option\'s name and "="')
            name += self.next.value
            self.at += 1
        self.sign("=")
        options[name] = self.constant()

    def constant(self) -> str:
        if self.next.kind == "text":
            return f'"{self.texts()}"'
        if self.next.value == "{":
            return self.aggregate()
        sign = "-" if self.skip("-") else ""
        if self.next.kind not in ("name", "number"):
            self.stop("a value")
        self.at += 1
        return sign + self.tokens[self.at - 1].value

    def aggregate(self) -> str:
        words, depth = [], 0
        while True:
            token = self.next
            if token.kind == "end":
                self.stop('"}"')
            self.at += 1
            words.append(token.value)
            depth += (token.value == "{") - (token.value == "}") if token.kind == "sign" else 0
            if not depth:
                return " ".join(words)

    def options(self, options: dict[str, str]) -> None:
        """`a = 1, b = 2]`."""
        while not self.skip("]"):
            self.option(options)
            if not self.skip(",") and self.next.value != "]":
                self.stop('"," or "]"')
