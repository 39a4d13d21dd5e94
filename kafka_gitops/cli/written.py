"""New files into a folder: all of them, or none where one is there already."""

from collections.abc import Mapping
from pathlib import Path

from kafka_gitops.cli import saving
from kafka_gitops.errors import KafkaGitopsError, listed


def files(folder: str, texts: Mapping[str, str]) -> list[str]:
    """Write the texts by their paths below the folder, which is made; the paths as seen from here.

    Raises KafkaGitopsError, before the first is written, where something is at one of these paths.
    """
    targets = {str(Path(folder, path)): text for path, text in texts.items()}
    there = [path for path in targets if Path(path).exists() or Path(path).is_symlink()]
    if there:
        said = f"{listed(there)} {'is' if len(there) == 1 else 'are'} there already, so nothing was written."
        raise KafkaGitopsError(said, help="Nothing is overwritten: name another --out, or move the files away.")
    for path, text in targets.items():
        try:
            Path(path).parent.mkdir(parents=True, exist_ok=True)
        except OSError as failure:
            raise KafkaGitopsError(f"{path} cannot be written: {failure.strerror}") from None
        saving.save(path, text)
    return list(targets)
