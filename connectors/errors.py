"""How a source fails: for now, or for good."""


class SourceError(Exception):
    """A source could not be read; the sync decides what happens next."""


class SourceUnavailableError(SourceError):
    """The source may answer later, so the sync tries again with growing pauses."""


class SourceRejectedError(SourceError):
    """Trying again cannot help, so the item goes to the dead letters."""


class ConnectorConfigError(ValueError):
    """The configuration of a source is not one its connector takes."""
