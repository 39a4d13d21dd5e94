"""The commands and options that messages print, quoted for a shell: what is printed can be copied as it is."""

import shlex


def ours(*words: str) -> str:
    """A command of ours: `kafka-gitops lint --base main`."""
    return command("kafka-gitops", *words)


def command(*words: str) -> str:
    """A command line of these words."""
    return shlex.join(words)


def option(name: str, value: str) -> str:
    """An option with its value: `--accept 'deny-added:User:app must not WRITE topic t'`."""
    return shlex.join([name, value])


def acls(action: str, verb: str, principal: str, *words: str, host: str = "*") -> str:
    """A command of Kafka's own for ACLs: `kafka-acls --add --allow-principal User:ci --operation Read --topic t`.

    `action` is add or remove, `verb` allow or deny; `words` say what on which resource. Options: AclCommandOptions.
    """
    hosts = () if host == "*" else (f"--{verb}-host", host)
    return command("kafka-acls", f"--{action}", f"--{verb}-principal", principal, *hosts, *words)
