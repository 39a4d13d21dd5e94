"""A host that can never match.

Kafka compares the host of a binding, as text, with the client's address as Java prints it
(`InetAddress.getHostAddress`): never a name, IPv4 without leading zeros, IPv6 in full (`0:0:0:0:0:0:0:1`, not `::1`).
A range (`10.0.0.0/8`) is compared as text too in every Kafka known here; with brokers that understand ranges (KIP-1276)
set the option `ranges`.

Bad:

```yaml
context: acme
projects: []
acls:
- principals: [User:audit]
  allow: [READ]
  topics: [acme.orders]
  hosts: [audit.example.com]
```

Good:

```yaml
context: acme
projects: []
acls:
- principals: [User:audit]
  allow: [READ]
  topics: [acme.orders]
  hosts: ["10.1.2.3"]
```

Options: `ranges` (false), whether the brokers understand ranges of addresses.
"""

import re
from collections.abc import Iterator, Mapping
from functools import cache

from kafka_gitops.diagnostics import Note, Severity, Span
from kafka_gitops.model import Grant, Topology
from kafka_gitops.rules.contract import Options, principal_place

NAME = "acl-host-form"
SEVERITY = Severity.error
ALONE = True
OPTIONS: Mapping[str, object] = {"ranges": False}

_OCTET = r"(?:25[0-5]|2[0-4][0-9]|1[0-9][0-9]|[1-9]?[0-9])"
_ADDRESS = re.compile(rf"{_OCTET}(?:\.{_OCTET}){{3}}", re.ASCII)


def check(topology: Topology, options: Options) -> Iterator[Note]:
    """Yield each host that no client's address can equal, once per entry."""
    said = cache(lambda host: _said(host, ranges=bool(options.values["ranges"])))
    for grant in topology.grants if any(form[0] != "*" for form in topology.forms) else ():
        for host in dict.fromkeys(acl.host for acl in grant.acls if acl.host != "*"):
            found = said(host)
            if found:
                yield Note(_place(grant, host), *found)


def _place(grant: Grant, host: str) -> Span:
    hosts = grant.node.get("hosts")
    places = (item.span for item in hosts.items if item.text == host) if hosts is not None else iter(())
    return next(places, principal_place(grant))


def _said(host: str, *, ranges: bool) -> tuple[str, str] | None:
    if _ADDRESS.fullmatch(host):
        return None
    import ipaddress

    literally = "Kafka compares hosts as text"
    try:
        ipaddress.ip_network(host, strict=False)
    except ValueError:
        dashed = re.fullmatch(r"[0-9.]+(?:-[0-9.]+|\.\*|\*)", host)
        what = "a range" if dashed else "no address"
        help = "list the addresses one by one, or use *" if dashed else f"{literally}: write the client's IP address"
        return f'the host "{host}" is {what} and matches no client', help
    if "/" in host:
        help = f"{literally}: list the addresses one by one, or use *"
        return None if ranges else (f'the host "{host}" is a range and matches no client', help)
    address = ipaddress.ip_address(host)
    mapped = getattr(address, "ipv4_mapped", None)
    java = str(mapped) if mapped else ":".join(f"{int(part, 16):x}" for part in address.exploded.split(":"))
    scope = f"%{host.partition('%')[2]}" if "%" in host else ""
    if mapped is None and address.version == 6 and host == java + scope:
        return None
    return f'the host "{host}" matches no client: Kafka sees that address in another form', f'write "{java}"'
