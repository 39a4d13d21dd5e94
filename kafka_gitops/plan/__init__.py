"""From a topology and a cluster to a plan, its file, its refusals, and what became of it."""
