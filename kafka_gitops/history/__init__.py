"""What became of resources: entries from git and from a ledger, each fact with its source; no git, no sockets."""
