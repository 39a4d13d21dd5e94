"""What a plan reads of the servers as a file, and that file in the place of the servers."""
