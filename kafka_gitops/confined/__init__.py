"""Own rules for a change that nobody has merged: the files of a trusted commit, in a child process with limits."""
