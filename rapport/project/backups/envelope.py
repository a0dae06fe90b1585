"""Encryption by passphrase: files of the age format, version 1, streamed.

The format is published (c2sp.org/age) and other programs open it: `age --decrypt FILE`. A random
file key is wrapped by scrypt of the passphrase; the content follows in pieces of 64 KiB, each under
ChaCha20-Poly1305 with its number and whether it is the last in the nonce, so that a file that was
altered, reordered or cut short does not open. All primitives are those of `cryptography`.
"""

from __future__ import annotations

import hmac
import os
import re
from base64 import b64decode, b64encode
from collections.abc import Buffer
from io import RawIOBase
from typing import IO

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from .faults import Unusable, WrongPassphrase

MAGIC = b"age-encryption.org/v1\n"
PIECE = 64 * 1024
TAG = 16
#: scrypt with 2^17 rounds takes 128 MiB and some tenths of a second: OWASP's advice.
WORK = 17
#: More is refused: the header of a foreign file must not take all memory.
MOST_WORK = 20
STANZA = re.compile(
    rb"-> scrypt ([A-Za-z0-9+/]{22}) ([1-9][0-9]?)\n([A-Za-z0-9+/]{43})\n--- ([A-Za-z0-9+/]{43})\n"
)
HEADER_BYTES = 400
DAMAGED = gettext_lazy("The backup is damaged: its content was altered or is not whole.")


class Sealer:
    """A file to write into: what goes in comes out encrypted. It is whole only once `finish`ed."""

    def __init__(self, target: IO[bytes], passphrase: str, work: int = WORK) -> None:
        key, nonce = os.urandom(16), os.urandom(16)
        target.write(_header(key, passphrase, work) + nonce)
        self._target = target
        self._cipher = ChaCha20Poly1305(_derive(key, nonce, b"payload"))
        self._number = 0
        self._waiting = bytearray()

    def write(self, given: bytes) -> int:
        """Encrypt every whole piece but the last one, which may turn out to be the end."""
        self._waiting += given
        while len(self._waiting) > PIECE:
            self._put(bytes(self._waiting[:PIECE]), is_last=False)
            del self._waiting[:PIECE]
        return len(given)

    def finish(self) -> None:
        """Write the last piece, without which the file does not open."""
        self._put(bytes(self._waiting), is_last=True)
        self._waiting.clear()

    def _put(self, piece: bytes, *, is_last: bool) -> None:
        self._target.write(self._cipher.encrypt(_nonce(self._number, is_last), piece, None))
        self._number += 1


class Opener(RawIOBase):
    """What was encrypted, to be read from begin to end. Raises Unusable while it is read."""

    def __init__(self, source: IO[bytes], passphrase: str) -> None:
        """Raises WrongPassphrase, Unusable."""
        super().__init__()
        key = _file_key(source, passphrase)
        nonce = source.read(16)
        self._source = source
        self._cipher = ChaCha20Poly1305(_derive(key, nonce, b"payload"))
        self._number = 0
        self._next = source.read(PIECE + TAG)
        self._plain = memoryview(b"")
        self._is_over = False

    def readable(self) -> bool:
        """Yes."""
        return True

    def readinto(self, buffer: Buffer) -> int:
        """Give what is there of the present piece, opening the next one when it is used up."""
        view = memoryview(buffer).cast("B")
        if not self._plain and not self._is_over:
            self._open_piece()
        count = min(len(view), len(self._plain))
        view[:count] = self._plain[:count]
        self._plain = self._plain[count:]
        return count

    def _open_piece(self) -> None:
        piece, self._next = self._next, self._source.read(PIECE + TAG)
        self._is_over = not self._next
        try:
            plain = self._cipher.decrypt(_nonce(self._number, self._is_over), piece, None)
        except InvalidTag as fault:
            raise Unusable(DAMAGED) from fault
        self._number += 1
        self._plain = memoryview(plain)


def is_sealed(beginning: bytes) -> bool:
    """Whether a file that begins so is encrypted."""
    return beginning.startswith(MAGIC)


def _header(key: bytes, passphrase: str, work: int) -> bytes:
    salt = os.urandom(16)
    wrapped = ChaCha20Poly1305(_stretch(passphrase, salt, work)).encrypt(bytes(12), key, None)
    text = MAGIC + b"-> scrypt %s %d\n%s\n---" % (_bare(salt), work, _bare(wrapped))
    return text + b" " + _bare(_authentication(key, text)) + b"\n"


def _file_key(source: IO[bytes], passphrase: str) -> bytes:
    begin = source.read(len(MAGIC) + HEADER_BYTES)
    found = STANZA.match(begin, len(MAGIC)) if is_sealed(begin) else None
    if found is None:
        raise Unusable(_("The file is encrypted, but not by Rapport with a passphrase."))
    source.seek(found.end())
    salt, work, wrapped, code = found.groups()
    if int(work) > MOST_WORK:
        raise Unusable(_("The file asks for more work to open it than any backup of Rapport does."))
    try:
        wrapping = ChaCha20Poly1305(_stretch(passphrase, _unbare(salt), int(work)))
        key = wrapping.decrypt(bytes(12), _unbare(wrapped), None)
    except InvalidTag as fault:
        raise WrongPassphrase(_("The backup does not open with this passphrase.")) from fault
    signed = begin[: found.start(4) - 1]
    if not hmac.compare_digest(_unbare(code), _authentication(key, signed)):
        raise Unusable(DAMAGED)
    return key


def _stretch(passphrase: str, salt: bytes, work: int) -> bytes:
    salted = b"age-encryption.org/v1/scrypt" + salt
    return Scrypt(salt=salted, length=32, n=2**work, r=8, p=1).derive(passphrase.encode())


def _derive(key: bytes, salt: bytes, info: bytes) -> bytes:
    return HKDF(SHA256(), length=32, salt=salt, info=info).derive(key)


def _authentication(key: bytes, header: bytes) -> bytes:
    return hmac.digest(_derive(key, b"", b"header"), header, "sha256")


def _nonce(number: int, is_last: bool) -> bytes:
    return number.to_bytes(11) + (b"\1" if is_last else b"\0")


def _bare(given: bytes) -> bytes:
    return b64encode(given).rstrip(b"=")


def _unbare(given: bytes) -> bytes:
    return b64decode(given + b"=" * (-len(given) % 4))
