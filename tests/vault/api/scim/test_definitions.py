"""What the service says of itself is what it does."""

from vault.api.scim.definitions import UNKEPT, resource_types, schemas, service_provider_config
from vault.api.scim.resources import GROUP_ATTRIBUTES, PERSON_ATTRIBUTES

BASE = "https://vault.example/scim/v2"


def test_it_promises_what_is_there_and_nothing_else() -> None:
    config = service_provider_config(BASE)
    promised = {name for name, about in config.items() if isinstance(about, dict)} - {"meta"}
    supported = {name for name in promised if config[name]["supported"]}
    assert supported == {"patch", "filter", "etag"}
    assert config["meta"]["location"] == f"{BASE}/ServiceProviderConfig"


def test_every_kind_has_its_schema_and_every_writable_attribute_is_described() -> None:
    described = {schema["id"]: schema for schema in schemas(BASE)}
    writable = {}
    for kind in resource_types(BASE):
        attributes = described[kind["schema"]]["attributes"]
        writable[kind["name"]] = {
            attribute["name"] for attribute in attributes if attribute["mutability"] == "readWrite"
        }
    # externalId is an attribute of every resource, so that no schema describes it.
    assert writable["User"] == PERSON_ATTRIBUTES - {"externalId"}
    assert writable["Group"] == GROUP_ATTRIBUTES - {"externalId"}


def test_what_is_not_kept_is_neither_described_nor_a_clearance() -> None:
    names = {
        attribute["name"].lower() for schema in schemas(BASE) for attribute in schema["attributes"]
    }
    assert not names & UNKEPT
    assert not {name for name in names if "clear" in name or "label" in name}
