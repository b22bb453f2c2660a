"""Operations of the channels."""

from bihuan.channels.file.cli import IMPORT

OPERATIONS = [IMPORT]
