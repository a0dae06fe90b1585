"""What can go wrong with a backup, each as a sentence for people."""


class BackupFault(Exception):
    """A backup can't be made or used; the message says why and what to do."""


class Unusable(BackupFault):
    """The file is no backup, is not whole, or can't be opened; nothing was changed."""


class WrongPassphrase(Unusable):
    """The file is encrypted, and not with this passphrase."""
