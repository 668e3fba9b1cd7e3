"""The home folder: the keys that open it, made once and never written in the clear elsewhere."""

import os
from dataclasses import dataclass
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

from vault.domain.errors import (
    HomeUnavailableError,
    InvalidRequestError,
    UnauthenticatedError,
)
from vault.store.keys import KEY_BYTES, NONCE_BYTES, derive, seal, unseal

_PLAIN = b"strongroom-master-key 1 plain\n"
_LOCKED = b"strongroom-master-key 1 scrypt\n"
_SALT_BYTES = 16
_SCRYPT = {"n": 2**15, "r": 8, "p": 1}
_LEDGER_KEY = "ledger-signing-key"


@dataclass(frozen=True, slots=True)
class Home:
    """Where everything of one vault lies."""

    folder: Path

    @property
    def database(self) -> Path:
        """The encrypted database."""
        return self.folder / "vault.db"

    @property
    def key_database(self) -> Path:
        """The key store; back it up apart from the database."""
        return self.folder / "keys" / "keys.db"

    @property
    def master_key(self) -> Path:
        """The master key, plain or locked by a passphrase."""
        return self.folder / "keys" / "master.key"

    @property
    def ledger_key(self) -> Path:
        """The ledger's signing key, sealed with the master key."""
        return self.folder / "keys" / "ledger.key"

    @property
    def verifier_key(self) -> Path:
        """The ledger's public key, to hand to whoever verifies."""
        return self.folder / "ledger.vkey"

    @property
    def index(self) -> Path:
        """Generations of the index, sealed."""
        return self.folder / "index"

    @property
    def policy(self) -> Path:
        """Cedar policies of this home."""
        return self.folder / "policy"

    @property
    def tracker(self) -> Path:
        """Tickets and notices, encrypted; made when the first one is."""
        return self.folder / "tracker.db"

    @property
    def secrets(self) -> Path:
        """Credentials of tools, one a file; made by whoever sets the first one."""
        return self.folder / "secrets"

    @property
    def models(self) -> Path:
        """Default place of model folders."""
        return self.folder / "models"

    @property
    def unfinished(self) -> Path:
        """Lies here while the home is being made, so that nothing is in it yet."""
        return self.folder / "unfinished"

    def exists(self) -> bool:
        """Tell whether a vault was made here, and to the end."""
        return self.master_key.exists() and not self.unfinished.exists()

    def finish(self) -> None:
        """Let the home exist, durable before this returns."""
        self.unfinished.unlink()
        _settle(self.folder)

    def unmake(self) -> None:
        """Remove the keys and databases of a home that could not be finished."""
        for path in (self.database, self.key_database):
            for part in (path, Path(f"{path}-wal"), Path(f"{path}-shm")):
                part.unlink(missing_ok=True)
        self.ledger_key.unlink(missing_ok=True)
        self.master_key.unlink(missing_ok=True)
        self.unfinished.unlink(missing_ok=True)

    def require(self) -> None:
        """Return only if a vault was made here.

        Raises:
            HomeUnavailableError: there is none.
        """
        if not self.exists():
            raise HomeUnavailableError(
                "there is no vault at this home yet; make one with: strongroom init"
            )

    def require_databases(self) -> None:
        """Return only if both databases are here; opening a missing one would make it anew.

        Raises:
            HomeUnavailableError: one is missing.
        """
        for path in (self.database, self.key_database):
            if not path.exists():
                raise HomeUnavailableError(f"{path.name} is missing; restore it from its backup")

    def make_way(self) -> None:
        """Return only if a vault can be made here; what a broken-off making left is removed.

        Raises:
            HomeUnavailableError: a vault is here already, or what is left of one.
        """
        if self.exists():
            raise HomeUnavailableError("there is a vault at this home already")
        if self.unfinished.exists():
            self.unmake()
        for path in (self.database, self.key_database, self.ledger_key):
            if path.exists():
                raise HomeUnavailableError(
                    f"{path.name} is here but its master key is not; restore master.key from "
                    "its backup"
                )


@dataclass(frozen=True, slots=True)
class HomeKeys:
    """The opened keys of a home, in memory only."""

    master: bytes
    ledger_seed: bytes

    @property
    def database(self) -> bytes:
        """Encrypts the database."""
        return derive(self.master, "database")

    @property
    def key_database(self) -> bytes:
        """Encrypts the key store."""
        return derive(self.master, "key-database")

    @property
    def tracker(self) -> bytes:
        """Encrypts tickets and notices."""
        return derive(self.master, "tracker")

    @property
    def sessions(self) -> bytes:
        """Seals what browsers keep."""
        return derive(self.master, "sessions")

    @property
    def index(self) -> bytes:
        """Seals the files of the index."""
        return derive(self.master, "index")

    @property
    def identifiers(self) -> bytes:
        """Makes document ids that follow from their source but tell nothing of it."""
        return derive(self.master, "identifiers")


def create_keys(home: Home, *, passphrase: str | None) -> HomeKeys:
    """Make the home's folders and keys; the master key is locked when a passphrase is given.

    The home exists only after its ``finish``.

    Raises:
        HomeUnavailableError: a vault is here already, or what is left of one.
    """
    home.make_way()
    for folder in (home.folder, home.master_key.parent, home.index, home.policy, home.models):
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    write_private(home.unfinished, b"")
    master = os.urandom(KEY_BYTES)
    seed = Ed25519PrivateKey.generate().private_bytes_raw()
    write_private(home.ledger_key, seal(master, seed, about=_LEDGER_KEY))
    body = _PLAIN + master if passphrase is None else _LOCKED + _lock(master, passphrase)
    write_private(home.master_key, body)
    return HomeKeys(master, seed)


def open_keys(home: Home, *, passphrase: str | None) -> HomeKeys:
    """Return the home's keys.

    Raises:
        HomeUnavailableError: there is no vault, or its key files are damaged.
        UnauthenticatedError: the passphrase is missing or wrong.
    """
    home.require()
    body = home.master_key.read_bytes()
    if body.startswith(_PLAIN) and len(body) == len(_PLAIN) + KEY_BYTES:
        master = body[len(_PLAIN) :]
    elif body.startswith(_LOCKED):
        if passphrase is None:
            raise UnauthenticatedError(
                "this home is locked; set VAULT_PASSPHRASE_FILE to a file with its passphrase"
            )
        master = _unlock(body[len(_LOCKED) :], passphrase)
    else:
        raise HomeUnavailableError("the master key is damaged; restore it from its backup")
    return HomeKeys(master, unseal(master, home.ledger_key.read_bytes(), about=_LEDGER_KEY))


def read_passphrase(path: Path | None) -> str | None:
    """Return the first line of the passphrase file, or None when no file is set.

    Raises:
        InvalidRequestError: the file cannot be read or its first line is empty.
    """
    if path is None:
        return None
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError):
        raise InvalidRequestError("the passphrase file cannot be read") from None
    if not lines or not lines[0].strip():
        raise InvalidRequestError("the first line of the passphrase file is empty")
    return lines[0]


def write_private(path: Path, body: bytes) -> None:
    """Write a file that only its owner can read, durable before this returns."""
    pending = path.with_name(path.name + ".new")
    descriptor = os.open(pending, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(body)
        file.flush()
        os.fsync(descriptor)
    pending.rename(path)
    _settle(path.parent)


def _settle(folder: Path) -> None:
    """Make the names in a folder durable."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _lock(master: bytes, passphrase: str) -> bytes:
    salt, nonce = os.urandom(_SALT_BYTES), os.urandom(NONCE_BYTES)
    return salt + nonce + AESGCM(_stretch(passphrase, salt)).encrypt(nonce, master, _LOCKED)


def _unlock(body: bytes, passphrase: str) -> bytes:
    salt, rest = body[:_SALT_BYTES], body[_SALT_BYTES:]
    try:
        return AESGCM(_stretch(passphrase, salt)).decrypt(
            rest[:NONCE_BYTES], rest[NONCE_BYTES:], _LOCKED
        )
    except InvalidTag:
        raise UnauthenticatedError("the passphrase does not open this home") from None


def _stretch(passphrase: str, salt: bytes) -> bytes:
    return Scrypt(salt=salt, length=KEY_BYTES, **_SCRYPT).derive(passphrase.encode())
