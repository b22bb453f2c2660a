"""All that `bihuan verify` looks at: the chains and seals of cases, and the files that other rooms keep under a digest."""

from collections.abc import Iterator

from django.db import transaction

from bihuan.cases import verify as chains
from bihuan.cases.verify import Finding
from bihuan.handling import kept
from bihuan.oversight import reports


def verify(contents: bool = False) -> Iterator[Finding]:
    """Everything that was altered or is gone; with `contents` every kept file itself is read and opened too."""
    yield from chains.verify()
    yield from files(contents)


def files(contents: bool) -> Iterator[Finding]:
    """What does not fit of kept files: digests, and with `contents` the files on disk."""
    with transaction.atomic():
        yield from kept.verify(contents)
        yield from reports.verify(contents)
