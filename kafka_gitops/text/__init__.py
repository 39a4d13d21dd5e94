"""From a text to a tree with places: YAML, JSON, comments, addresses in it."""
