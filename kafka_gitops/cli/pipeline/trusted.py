"""How far the files of a run are trusted: one value, decided once (`cli.trust`), that all readers are given."""

from pathlib import Path
from typing import NamedTuple

from kafka_gitops.cli.pipeline.edited import Edited
from kafka_gitops.config import environment
from kafka_gitops.config.find import find, looked_at
from kafka_gitops.errors import ConfigError
from kafka_gitops.tip import Tip


class Trust(NamedTuple):
    """What a run may do, and from where the files come that decide it.

    `merged`: the commit is one of a branch that decides, so its own files count. Else `tip` is the commit whose config,
    policy and client files count instead, None where it is not known; `stranger` says why the config may be the
    change's own (it is shown no variable then, and own rules do not run);
    `head` are the files of HEAD, `change` is what it has otherwise than where it left the tip; `copies` is an empty
    directory for copies of the tip's files.
    """

    merged: bool
    stranger: str | None = None
    tip: Tip | None = None
    head: Tip | None = None
    change: Edited | None = None
    copies: Path | None = None

    def config(self, given: str | None) -> str | None:
        """The path of the config file that counts: the one that is named, else the first here or above."""
        if self._of_here:
            return find(given, environment())
        named = given or environment().get("KAFKA_GITOPS_CONFIG")
        return named or next((path for path in looked_at() if self._counts(path)), None)

    def text(self, path: str) -> str | None:
        """The text of a file that decides, as the tip has it; None: what lies here counts.

        Raises ConfigError for a file of the repository that the tip does not have, but the checkout.
        """
        tip = self.tip
        if self._of_here or tip is None or not tip.inside(path):
            return None
        try:
            found = tip.text(path)
        except UnicodeDecodeError as error:
            raise ConfigError(f"{path}: the file of the target branch is not UTF-8 (byte {error.start})") from None
        if found is None and self._committed(path):
            raise ConfigError(f"{path}: the target branch has no such file", help="Rebase the change onto it.")
        return found

    def place(self, path: str) -> str:
        """The path of a file or directory for the client, such as a certificate: a copy of the tip's, where it has one.

        Raises ConfigError as `text` does.
        """
        tip = self.tip
        if self._of_here or tip is None or self.copies is None or not tip.inside(path):
            return path
        below = self.copies / str(len([*self.copies.iterdir()]))
        below.mkdir()
        copied = tip.copy(path, below)
        if copied is None and self._committed(path):
            raise ConfigError(f"{path}: the target branch has no such file", help="Rebase the change onto it.")
        return path if copied is None else str(copied)

    @property
    def _of_here(self) -> bool:
        return self.merged or self.stranger is not None or self.tip is None

    def _counts(self, path: str) -> bool:
        assert self.tip is not None
        return self.tip.has(path) or (Path(path).is_file() and not self._committed(path))

    def _committed(self, path: str) -> bool:
        """Whether HEAD has something there, so that it is no file that the pipeline made."""
        return self.head is not None and self.head.has(path)


MERGED = Trust(merged=True)
