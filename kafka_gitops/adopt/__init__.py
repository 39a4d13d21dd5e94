"""A live estate as topology files: what is on the servers, written as a person would, and proved by reading it back."""
