"""What a lint keeps between runs, under the user's cache directory: hashes and findings, never a text or a secret"""
