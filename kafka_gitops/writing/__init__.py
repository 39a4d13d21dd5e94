"""Topology files as a person would write them: entries of our sections to lines, bindings to few items of `acls`."""
