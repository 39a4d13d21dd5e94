"""The commands: argparse in, exit code out; the only package that prints or exits."""
