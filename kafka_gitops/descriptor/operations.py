"""The operations that Kafka allows on each type of resource (its AclEntry.supportedOperations)."""

BY_TYPE = {
    "TOPIC": frozenset(
        ("ALL", "READ", "WRITE", "CREATE", "DELETE", "ALTER", "DESCRIBE", "DESCRIBE_CONFIGS", "ALTER_CONFIGS")
    ),
    "GROUP": frozenset(("ALL", "READ", "DELETE", "DESCRIBE", "DESCRIBE_CONFIGS", "ALTER_CONFIGS")),
    "CLUSTER": frozenset(
        (
            "ALL",
            "CREATE",
            "ALTER",
            "DESCRIBE",
            "CLUSTER_ACTION",
            "DESCRIBE_CONFIGS",
            "ALTER_CONFIGS",
            "IDEMPOTENT_WRITE",
        )
    ),
    "TRANSACTIONAL_ID": frozenset(("ALL", "DESCRIBE", "WRITE", "TWO_PHASE_COMMIT")),
    "DELEGATION_TOKEN": frozenset(("ALL", "DESCRIBE")),
    "USER": frozenset(("ALL", "CREATE_TOKENS", "DESCRIBE_TOKENS")),
}
