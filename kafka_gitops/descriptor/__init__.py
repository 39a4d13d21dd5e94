"""The topology language: files to a Topology."""
