"""What the reader of a section uses: the draft of a topology, names, templates, plans, files beside the topology."""
