"""Exports that say nothing of rights: who may read them is named by who brings them in."""

from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

from connectors.base import AclSupport, Capabilities
from connectors.errors import ConnectorConfigError
from connectors.exports.export import ExportConnector, Rights, allow
from connectors.facts import EVERYONE


@dataclass(frozen=True, slots=True)
class AudienceConfig:
    """Which export to take in, and who may read it; without both, nothing is taken in.

    Attributes:
        path: the zip archive, or the folder it was unpacked to.
        owner: the principal whose export it is, such as ``mail:alice@example.org``.
        audience: principals who may read it besides, one a line; ``nobody`` for the owner
            alone, ``everyone`` for whoever may sign in.
        max_bytes: larger items are rejected.
    """

    path: Path
    owner: str
    audience: tuple[str, ...]
    max_bytes: int = 256 * 2**20

    def __post_init__(self) -> None:
        """Refuse settings that leave open who may read."""
        if not self.audience:
            raise ConnectorConfigError("the audience must be named; say nobody for the owner alone")
        for principal in (self.owner, *self.audience):
            kind, colon, name = principal.partition(":")
            if not (colon and kind and name.strip()) and principal not in (EVERYONE, "nobody"):
                raise ConnectorConfigError(f"principal {principal!r} must be written as KIND:NAME")
        if self.owner in (EVERYONE, "nobody"):
            raise ConnectorConfigError("the owner must be one principal")
        if "nobody" in self.audience and len(self.audience) > 1:
            raise ConnectorConfigError("an audience of nobody names no one besides")


class AudienceConnector(ExportConnector):
    """An export whose every item is for its owner and the audience that the settings name.

    Args:
        source_id: stable name of this source.
        config: which export, and for whom.
    """

    config_type: ClassVar[type] = AudienceConfig
    capabilities: ClassVar[Capabilities] = Capabilities(acl=AclSupport.NATIVE)

    def __init__(self, *, source_id: str, config: AudienceConfig) -> None:
        super().__init__(source_id=source_id, config=config)
        others = [principal for principal in config.audience if principal != "nobody"]
        self.rights = Rights(allow(config.owner, *others))
