"""A large upload lies in a file without a name: nobody else can open it, and it is gone with the request."""

import tempfile
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import FileUploadHandler, StopUpload


class Unnamed(FileUploadHandler):
    """Takes one file of at most `most` bytes; a larger one is cut off while it arrives."""

    def __init__(self, request: Any, most: int) -> None:
        super().__init__(request)
        self.most = most

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        """Begin a file."""
        super().new_file(*args, **kwargs)
        self.held = tempfile.TemporaryFile(prefix="bihuan-pack-")  # noqa: SIM115 - closed with the request

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        """Keep a piece."""
        if start + len(raw_data) > self.most:
            raise StopUpload(connection_reset=True)
        self.held.write(raw_data)

    def file_complete(self, file_size: int) -> UploadedFile:
        """The file, from its beginning."""
        self.held.seek(0)
        return UploadedFile(self.held, self.file_name, self.content_type, file_size, self.charset)
