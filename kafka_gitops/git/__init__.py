"""What git knows: which commit this is, and the files of another; no checkout, no hooks, no pager."""

from kafka_gitops.git.objects import is_blob
from kafka_gitops.git.repository import Repository
from kafka_gitops.git.trees import Entry

__all__ = ("Entry", "Repository", "is_blob")
