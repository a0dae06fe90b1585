"""Files on their way in."""

from django.core.files.uploadhandler import TemporaryFileUploadHandler


class SpoolingUploadHandler(TemporaryFileUploadHandler):
    """Spools to disk, and gives the room back at once when there is too little of it."""

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        """Keep one more part. Raises OSError, with nothing kept, when the disk is full."""
        try:
            super().receive_data_chunk(raw_data, start)
        except OSError:
            self.file.close()
            raise
