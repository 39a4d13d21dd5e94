"""What a lint keeps between runs, under the user's cache directory: findings, and what files declare; never a secret"""
