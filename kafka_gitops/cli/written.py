"""New files into a folder: all of them, or none where one is there already."""

import codecs
import os
import shutil
from collections.abc import Mapping
from pathlib import Path
from tempfile import mkdtemp

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


def refuse_full(folder: str) -> None:
    """Raise KafkaGitopsError where a folder is no folder, or anything is in it but hidden files."""
    place = Path(folder)
    if not place.is_dir():
        if place.exists() or place.is_symlink():
            raise KafkaGitopsError(f"{folder} is there already, and is not a folder: nothing was written.")
        return
    found = sorted(one.name for one in place.iterdir() if not one.name.startswith("."))
    if found:
        raise KafkaGitopsError(
            f"{folder} is not empty ({listed(found, most=3)}), so nothing was written.",
            help="Nothing is overwritten: name a new folder, such as "
            f"--out {_another(folder)}, or move what is there away.",
        )


def _another(folder: str) -> str:
    return f"{folder.rstrip('/')}-new" if Path(folder).name.strip(".") else "topologies"


def folder(folder: str, texts: Mapping[str, str]) -> list[str]:
    """Write a new folder: all of its files appear at once, or none do. The paths as seen from here.

    Raises KafkaGitopsError as `refuse_full` does, and where it cannot be written.
    """
    refuse_full(folder)
    saving.refuse_links(folder)
    target = Path(folder)
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        beside = Path(mkdtemp(prefix=f".{target.name or 'import'}-", dir=target.parent))
    except OSError as failure:
        raise KafkaGitopsError(f"{folder} cannot be written: {failure.strerror}") from None
    try:
        _fill(beside, texts)
        _appear(beside, target)
    except OSError as failure:
        raise KafkaGitopsError(f"{folder} cannot be written: {failure.strerror}") from None
    finally:
        shutil.rmtree(beside, ignore_errors=True)
    return [str(Path(folder, path)) for path in texts]


def _fill(place: Path, texts: Mapping[str, str]) -> None:
    for path, text in texts.items():
        (place / path).parent.mkdir(parents=True, exist_ok=True)
        (place / path).write_bytes(text.encode("utf-8"))


def _appear(beside: Path, target: Path) -> None:
    """Put a finished folder in its place; into a folder with hidden files go the parts of it."""
    mask = os.umask(0)
    os.umask(mask)
    beside.chmod(0o777 & ~mask)
    if target.is_dir() and any(target.iterdir()):
        for one in sorted(beside.iterdir()):
            one.rename(target / one.name)
        return
    if target.is_dir():
        target.rmdir()
    beside.rename(target)


def over(texts: Mapping[str, str], before: Mapping[str, str]) -> None:
    """Write files that exist anew, and new ones beside them: all of them, or none.

    `before` are the texts that were read. Raises KafkaGitopsError, and leaves everything as it was, where a file is not
    as it was read, is not UTF-8, or cannot be written.
    """
    old = {path: _as_read(path, before[path]) for path in texts if path in before}
    done: list[str] = []
    try:
        for path, text in texts.items():
            Path(path).parent.mkdir(parents=True, exist_ok=True)
            mark = codecs.BOM_UTF8 if old.get(path, b"").startswith(codecs.BOM_UTF8) else b""
            saving.save(path, mark + text.encode("utf-8"))
            done.append(path)
    except (OSError, KafkaGitopsError) as failure:
        for path in done:
            saving.save(path, old[path]) if path in old else Path(path).unlink()
        said = failure.message if isinstance(failure, KafkaGitopsError) else f"{path} cannot be written: {failure}"
        raise KafkaGitopsError(f"{said.rstrip('.')}: nothing was changed.") from None


def _as_read(path: str, text: str) -> bytes:
    """The bytes of a file. Raises KafkaGitopsError where they are not the text that was read."""
    try:
        data = Path(path).read_bytes()
    except OSError as failure:
        raise KafkaGitopsError(f"{path} cannot be read: {failure.strerror}; nothing was changed.") from None
    if data.removeprefix(codecs.BOM_UTF8) != text.encode("utf-8"):
        raise KafkaGitopsError(
            f"{path} is not as it was read, or is not UTF-8: nothing was changed.", help="Save it as UTF-8; try again."
        )
    return data
