"""What was really done, kept beside the cluster: one small compacted topic for each owner (SECURITY.md says against whom)."""
