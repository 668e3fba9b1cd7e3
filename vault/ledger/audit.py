"""A full reading of a log: every body, every stored hash, every signed checkpoint."""

from collections.abc import Sequence
from dataclasses import dataclass

from vault.domain.checkpoints import Checkpoint
from vault.domain.errors import LedgerIntegrityError
from vault.domain.merkle import EMPTY_ROOT, Frontier, leaf_hash
from vault.domain.notes import SignedNote, VerifierKey
from vault.ledger.entries import EntriesReader
from vault.ledger.signing import verify_note

BLOCK_ENTRIES = 4096
MAX_PROBLEMS = 100


@dataclass(frozen=True, slots=True)
class Verification:
    """What a full reading of a log found.

    Args:
        size: entries whose bodies were read and hashed.
        root: 32-byte root recomputed from those bodies.
        checkpoints: signed checkpoints that were checked.
        problems: one sentence each, at most ``MAX_PROBLEMS``; empty if all is well.
        first_bad: index of the first entry that cannot be trusted, or None.
    """

    size: int
    root: bytes
    checkpoints: int
    problems: tuple[str, ...] = ()
    first_bad: int | None = None

    @property
    def ok(self) -> bool:
        """True if nothing was found."""
        return not self.problems


def audit(
    entries: EntriesReader,
    *,
    origin: str,
    keys: Sequence[VerifierKey],
    held: Sequence[str] = (),
) -> Verification:
    """Return what reading the whole log found, in one pass and constant memory.

    Args:
        entries: the log to read.
        origin: name the log's checkpoints must carry.
        keys: keys of which one must have signed each checkpoint.
        held: further checkpoint notes, kept outside the log.
    """
    reading = _Reading(entries)
    reading.take_checkpoints(origin, keys, held)
    size = entries.size()
    for start in range(0, size, BLOCK_ENTRIES):
        if not reading.read_block(start, min(start + BLOCK_ENTRIES, size)):
            break
    reading.look_beyond_the_end()
    return reading.result()


class _Reading:
    def __init__(self, entries: EntriesReader) -> None:
        self._entries = entries
        self._frontier = Frontier()
        self._signed: dict[int, set[bytes]] = {}
        self._sound_size = 0
        self._checkpoints = 0
        self._problems: list[str] = []
        self._bad_entry: int | None = None
        self._false_root: range | None = None

    def take_checkpoints(
        self, origin: str, keys: Sequence[VerifierKey], held: Sequence[str]
    ) -> None:
        saved = [(size, note) for size, note in self._entries.checkpoints()]
        for size, note in [*saved, *((None, note) for note in held)]:
            self._checkpoints += 1
            try:
                parsed = SignedNote.parse(note)
                verify_note(parsed, keys, what="the checkpoint")
                checkpoint = Checkpoint.parse(parsed.text)
            except LedgerIntegrityError as error:
                self._report(f"a checkpoint saved at size {size} does not verify: {error.detail}")
                continue
            if checkpoint.origin != origin or size not in (None, checkpoint.size):
                self._report(
                    f"a checkpoint saved for log {origin} at size {size} is of log "
                    f"{checkpoint.origin} at size {checkpoint.size}"
                )
                continue
            self._signed.setdefault(checkpoint.size, set()).add(checkpoint.root)
        self._compare_root(EMPTY_ROOT)

    def read_block(self, start: int, stop: int) -> bool:
        computed: dict[int, list[tuple[int, bytes]]] = {0: []}
        for body in self._entries.bodies(start, stop):
            index, leaf = self._frontier.size, leaf_hash(body)
            computed[0].append((index, leaf))
            for level, position, digest in self._frontier.append(leaf):
                computed.setdefault(level, []).append((position, digest))
            if self._frontier.size in self._signed:
                self._compare_root(self._frontier.root())
        for level, nodes in computed.items():
            self._compare_nodes(level, nodes)
        if self._frontier.size != stop:
            self._report(
                f"{stop} entries are counted, but only {self._frontier.size} could be read",
                self._frontier.size,
            )
        return self._frontier.size == stop

    def look_beyond_the_end(self) -> None:
        for size in sorted(self._signed):
            if size > self._frontier.size:
                self._report(
                    f"a checkpoint was signed at size {size}, "
                    f"but only {self._frontier.size} entries are left",
                    self._frontier.size,
                )

    def result(self) -> Verification:
        return Verification(
            size=self._frontier.size,
            root=self._frontier.root(),
            checkpoints=self._checkpoints,
            problems=tuple(self._problems),
            first_bad=self._first_bad(),
        )

    def _first_bad(self) -> int | None:
        # A false root only brackets the damage; an entry found inside the bracket explains it.
        if self._false_root is None or self._bad_entry in self._false_root:
            return self._bad_entry
        bracket = self._false_root.start
        return bracket if self._bad_entry is None else min(bracket, self._bad_entry)

    def _compare_nodes(self, level: int, computed: list[tuple[int, bytes]]) -> None:
        if not computed:
            return
        stored = dict(self._entries.nodes(level, computed[0][0], computed[-1][0] + 1))
        for index, digest in computed:
            if stored.get(index) == digest:
                continue
            if level == 0:
                self._report(f"entry {index} is not what was recorded: its hash differs", index)
            elif self._bad_entry is None or (index + 1) << level <= self._bad_entry:
                # Every node above an altered entry differs too and would say nothing new.
                self._report(f"node {index} of level {level} is damaged", index << level)

    def _compare_root(self, root: bytes) -> None:
        size = self._frontier.size
        for signed in sorted(self._signed.get(size, ())):
            if signed != root:
                self._report(
                    f"the checkpoint of size {size} signs root {signed.hex()}, but the entries "
                    f"have root {root.hex()}: something between entry {self._sound_size} and "
                    f"entry {size} was altered"
                )
                if self._false_root is None:
                    self._false_root = range(self._sound_size, size)
        if self._signed.get(size) == {root}:
            self._sound_size = size

    def _report(self, problem: str, index: int | None = None) -> None:
        if len(self._problems) < MAX_PROBLEMS:
            self._problems.append(problem)
        if index is not None and (self._bad_entry is None or index < self._bad_entry):
            self._bad_entry = index
