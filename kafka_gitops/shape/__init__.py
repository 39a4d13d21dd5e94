"""What a text may hold: keys, types, values, and the JSON Schema made of that."""
