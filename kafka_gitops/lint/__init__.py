"""A run of the rules over a topology, and what silences a finding."""
