"""How an answer or an artifact came to be, as a statement that build tools can read."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from vault.domain.attestation import Statement, Subject

PREDICATE_TYPE = "https://slsa.dev/provenance/v1"
ANSWER_BUILD_TYPE = "strongroom:answer/v1"
RUN_BUILD_TYPE = "strongroom:run/v1"


@dataclass(frozen=True, slots=True)
class Provenance:
    """What was asked, under which rules, from which materials, by which vault.

    Args:
        build_type: URI of the kind of work, ``ANSWER_BUILD_TYPE`` or ``RUN_BUILD_TYPE``.
        builder: URI or name of the vault that did it.
        run_id: the run, which also stands in the ledger entries.
        started: RFC 3339 text.
        finished: RFC 3339 text.
        request: what the caller chose; digests rather than content.
        rules: what the vault chose: policy, autonomy, parameters.
        materials: agent, prompt, model files, chunks and tool definitions, by digest.
        byproducts: trace and other records of the work, by digest.
    """

    build_type: str
    builder: str
    run_id: str
    started: str
    finished: str
    request: Mapping[str, object]
    rules: Mapping[str, object] = field(default_factory=dict)
    materials: Sequence[Subject] = ()
    byproducts: Sequence[Subject] = ()

    def statement(self, subjects: Sequence[Subject]) -> Statement:
        """Return the unsigned statement that ``subjects`` came about in this way.

        Source:
            SLSA Provenance v1, "Schema"; in-toto ResourceDescriptor for materials.
        """
        predicate = {
            "buildDefinition": {
                "buildType": self.build_type,
                "externalParameters": dict(self.request),
                "internalParameters": dict(self.rules),
                "resolvedDependencies": [_descriptor(material) for material in self.materials],
            },
            "runDetails": {
                "builder": {"id": self.builder},
                "metadata": {
                    "invocationId": self.run_id,
                    "startedOn": self.started,
                    "finishedOn": self.finished,
                },
                "byproducts": [_descriptor(product) for product in self.byproducts],
            },
        }
        return Statement(tuple(subjects), PREDICATE_TYPE, predicate)


def invocation_of(statement: Statement) -> str | None:
    """Return the run a provenance statement says it is about, or None if it names none."""
    if statement.predicate_type != PREDICATE_TYPE:
        return None
    found: object = statement.predicate
    for member in ("runDetails", "metadata", "invocationId"):
        found = found.get(member) if isinstance(found, Mapping) else None
    return found if isinstance(found, str) else None


def _descriptor(artifact: Subject) -> dict[str, object]:
    return {"name": artifact.name, "digest": {"sha256": artifact.sha256}}
