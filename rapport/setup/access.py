"""Who administers what: the two doors of these screens."""

from rapport.accounts.routes import admits

# The actions check ranks once more; here whole pages are kept shut.
owners_only = admits("staff", roles=("owner",))
administrators_only = admits("staff", roles=("owner", "manager"))
