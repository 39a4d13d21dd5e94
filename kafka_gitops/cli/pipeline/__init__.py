"""What only a pipeline asks: whether a change is trusted, who accepted what, and the verdict."""
