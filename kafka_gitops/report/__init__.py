"""One file per format: pure functions from data to text."""
