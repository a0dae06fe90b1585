"""The session engine: one row per signed-in browser, its key kept as a digest only."""

from datetime import timedelta
from hashlib import sha256
from typing import Any

from django.conf import settings
from django.contrib.auth import HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.base import CreateError, SessionBase, UpdateError
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.crypto import constant_time_compare

from rapport.accounts.identity import session_with_account
from rapport.accounts.models import Session, User

LONGEST_LIFE = timedelta(days=30)
#: Under this a session keeps by whom of the identity provider it began.
BY_PROVIDER = "provider"
# Between two notes of "seen" a request costs no write.
SEEN_INTERVAL = timedelta(minutes=10)


def digest_of(key: str) -> str:
    """Return what is stored in place of a session key."""
    return sha256(key.encode()).hexdigest()


class SessionStore(SessionBase):
    """Reads session and account in one statement; see `identity`."""

    def __init__(self, session_key: str | None = None, ip: str | None = None, agent: str = ""):
        super().__init__(session_key)
        self.ip = ip
        self.agent = agent[:300]
        self.row: Session | None = None

    @property
    def digest(self) -> str:
        """The stored form of the present key."""
        return digest_of(self.session_key or "")

    def load(self) -> dict[str, Any]:
        """Return the session's data; an unknown or expired key gives an empty session."""
        self.row = session_with_account(self.digest)
        if self.row is None:
            self._session_key = None
            return {}
        return self.decode(self.row.data)

    def exists(self, session_key: str) -> bool:
        """Whether the key is taken."""
        return Session.objects.filter(digest=digest_of(session_key)).exists()

    def create(self) -> None:
        """Take a new key and store an empty row under it."""
        while True:
            self._session_key = self._get_new_session_key()  # type: ignore[attr-defined]
            try:
                self.save(must_create=True)
            except CreateError:
                continue
            self.modified = True
            return

    def save(self, must_create: bool = False) -> None:
        """Store the data. Raises UpdateError if the session was ended meanwhile."""
        if self.session_key is None:
            self.create()
            return
        data = self._get_session(no_load=must_create)  # type: ignore[attr-defined]
        came = data.get(BY_PROVIDER, {})
        values = {
            "user_id": data.get(SESSION_KEY),
            "data": self.encode(data),
            "expires_at": self.get_expiry_date(),
            "seen_at": timezone.now(),
            "ip": self.ip,
            "user_agent": self.agent,
            "provider_subject": came.get("sub", ""),
            "provider_sid": came.get("sid", ""),
        }
        if must_create:
            self._insert(values)
        elif not Session.objects.filter(digest=self.digest).update(**values):
            raise UpdateError

    def _insert(self, values: dict[str, Any]) -> None:
        try:
            with transaction.atomic():
                Session.objects.create(digest=self.digest, **values)
        except IntegrityError as clash:
            raise CreateError from clash

    def delete(self, session_key: str | None = None) -> None:
        """End the session of this key, by default the present one."""
        if key := session_key or self.session_key:
            Session.objects.filter(digest=digest_of(key)).delete()

    def note_seen(self) -> None:
        """Keep a session in use alive, for as long as any session may live."""
        now = timezone.now()
        if self.row is None or now - self.row.seen_at < SEEN_INTERVAL:
            return
        values: dict[str, Any] = {"seen_at": now, "ip": self.ip}
        if self.get_expire_at_browser_close():
            idle = now + timedelta(seconds=settings.SESSION_COOKIE_AGE)
            values["expires_at"] = min(idle, self.row.created_at + LONGEST_LIFE)
        Session.objects.filter(digest=self.row.digest).update(**values)

    @classmethod
    def clear_expired(cls) -> None:
        """Remove the rows that let nobody in any more."""
        Session.objects.filter(expires_at__lt=timezone.now()).delete()


def signed_in_user(session: SessionStore) -> User | None:
    """The session's user unless he was deactivated or his password has changed."""
    proof = session.get(HASH_SESSION_KEY)
    user: User | None = session.row.user if session.row else None
    if not proof or user is None or not user.is_active:
        return None
    hashes = (user.get_session_auth_hash(), *user.get_session_auth_fallback_hash())
    return user if any(constant_time_compare(proof, known) for known in hashes) else None
