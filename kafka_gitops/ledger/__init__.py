"""What was really done, kept in the cluster: one small compacted topic for each owner (SECURITY.md: against whom)."""
