"""Settings of one home: the environment first, then the home's settings.toml, then defaults."""

import os
from pathlib import Path
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError
from pydantic_settings import (
    BaseSettings,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    TomlConfigSettingsSource,
)

from vault.domain.errors import InvalidRequestError
from vault.domain.records import parse_period

FILE_NAME = "settings.toml"


def _period(text: str) -> str:
    try:
        parse_period(text)
    except InvalidRequestError as error:
        raise ValueError(error.detail) from error
    return text


def _usual_ages() -> dict["Level", str]:
    return {"internal": "30d", "confidential": "7d", "secret": "1d"}


Level = Literal["public", "internal", "confidential", "secret"]
Period = Annotated[str, AfterValidator(_period)]
"""A length of time as people write it, such as ``30d``."""


Algorithm = Literal["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512"]
"""Signatures by a public key; none of the others can be allowed."""


class OidcSettings(BaseModel):
    """What the operator agreed with an issuer of tokens.

    Attributes:
        issuer: its identifier, as its tokens name it.
        audience: whom a bearer token must be for, one of these.
        jwks_file: its key set, for a vault that never dials it; fetched when empty.
        hosts: further hosts that it may name for its endpoints.
        clock_skew_seconds: how far its clock may be off.
        person_claim: names the person, who must be known here by that sign-in name.
        groups_claim: names groups of the person; empty lets none count.
        groups: by value of that claim, the group here.
        groups_prefix: put before values that ``groups`` lacks; empty lets none of those count.
        scopes: what its tokens and sessions permit here.
        client_id: the vault's name there, for sign-in by the browser; empty has none.
        client_secret_file: file whose first line is its secret there, if it has one.
        redirect_uri: where the issuer sends people back to, ending in ``/sign-in/callback``.
        login_scopes: what is asked of the issuer.
        session_hours: how long a session lasts.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    issuer: str = Field(min_length=1)
    audience: list[str] = Field(min_length=1)
    jwks_file: Path | None = None
    hosts: list[str] = Field(default_factory=list)
    algorithms: list[Algorithm] = Field(default=["RS256", "ES256"], min_length=1)
    clock_skew_seconds: int = Field(default=30, ge=0, le=120)
    person_claim: str = Field(default="sub", min_length=1)
    groups_claim: str = ""
    groups: dict[str, str] = Field(default_factory=dict)
    groups_prefix: str = ""
    scopes: list[str] = Field(default_factory=list)
    client_id: str = ""
    client_secret_file: Path | None = None
    redirect_uri: str = ""
    login_scopes: list[str] = Field(default=["openid", "profile"])
    session_hours: float = Field(default=8, gt=0, le=168)


class Settings(BaseSettings):
    """Everything an operator may set; units are in the names.

    Attributes:
        models_dir: folder of model folders; ``models`` in the home when empty.
        embedder: name of the embedder's folder.
        generator: name of the generator's folder; empty runs without one.
        reranker: name of a cross-encoder's folder; empty has none.
        authority: rank of a source or a collection by its id, 0 to 1; others have 0.
        passphrase_file: file whose first line opens a home made with a passphrase.
        tool_hosts: by ``HOST:PORT``, the networks in CIDR notation that tools may reach under
            that name; an empty row is any public address. No other host is ever dialled.
        threads: processor cores for models; 0 takes all.
        index_union_share: rows that indexes made for frequent readers may hold together, as a
            share of all; 0 makes none.
        upkeep_seconds: how often a server looks after its index.
        provisioned_clearance: what persons that a directory adds are cleared for; nothing that
            the directory says changes it.
        oidc: the issuer whose tokens count besides the vault's own.
        max_acl_age: for how long the rights of a source count after they were last seen, by
            classification; older ones let nobody read. A level that is not named has no limit.
    """

    model_config = SettingsConfigDict(
        env_prefix="VAULT_", frozen=True, extra="forbid", toml_file=None
    )

    models_dir: Path | None = None
    embedder: str = "all-minilm-l6-v2"
    generator: str = "smollm2-135m-instruct"
    reranker: str = ""
    authority: dict[str, Annotated[float, Field(ge=0, le=1)]] = Field(default_factory=dict)
    passphrase_file: Path | None = None
    tool_hosts: dict[str, list[str]] = Field(default_factory=dict)
    threads: int = Field(default=0, ge=0, le=512)
    host: str = "127.0.0.1"
    port: int = Field(default=8080, ge=0, le=65535)
    log_level: Literal["debug", "info", "warning", "error"] = "warning"
    busy_seconds: float = Field(default=10.0, gt=0, le=600)

    provisioned_clearance: Level = "public"
    oidc: OidcSettings | None = None
    max_acl_age: dict[Level, Period] = Field(default_factory=_usual_ages)

    parse_workers: int = Field(default=2, ge=1, le=64)
    parse_timeout_seconds: float = Field(default=60.0, gt=0, le=3600)
    parse_memory_mib: int = Field(default=2048, ge=256)
    max_document_bytes: int = Field(default=64 * 2**20, ge=1)

    index_union_share: float = Field(default=1.0, ge=0, le=10)
    upkeep_seconds: float = Field(default=300.0, ge=1, le=86_400)

    max_question_characters: int = Field(default=4000, ge=1, le=100_000)
    max_hits: int = Field(default=50, ge=1, le=1000)
    answer_passages: int = Field(default=8, ge=1, le=50)
    generator_context_tokens: int = Field(default=2048, ge=256)
    generator_queue: int = Field(default=8, ge=0, le=1000)
    assumed_watts_per_core: float = Field(default=8.0, gt=0)

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,  # noqa: ARG003 - never read
        file_secret_settings: PydanticBaseSettingsSource,  # noqa: ARG003 - never read
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Read the environment before the file, and nothing else."""
        file = TomlConfigSettingsSource(settings_cls)
        return init_settings, env_settings, file


def home_folder() -> Path:
    """Return the home's folder: ``STRONGROOM_HOME``, or one under the person's own data."""
    chosen = os.environ.get("STRONGROOM_HOME")
    if chosen:
        return Path(chosen).expanduser().absolute()
    data = os.environ.get("XDG_DATA_HOME")
    base = Path(data) if data else Path.home() / ".local" / "share"
    return base / "strongroom"


def load(home: Path) -> Settings:
    """Return the settings of ``home``.

    Raises:
        InvalidRequestError: a setting is unknown or out of range; the detail names it.
    """

    class HomeSettings(Settings):
        model_config = SettingsConfigDict(
            env_prefix="VAULT_", frozen=True, extra="forbid", toml_file=home / FILE_NAME
        )

    try:
        return HomeSettings()
    except ValidationError as error:
        first = error.errors()[0]
        name = ".".join(str(part) for part in first["loc"])
        raise InvalidRequestError(f"setting {name!r}: {first['msg']}") from None
    except ValueError as error:
        raise InvalidRequestError(f"{FILE_NAME} is not valid TOML: {error}") from None


def cores(settings: Settings) -> int:
    """Return how many cores models may use."""
    if settings.threads:
        return settings.threads
    return len(os.sched_getaffinity(0))
