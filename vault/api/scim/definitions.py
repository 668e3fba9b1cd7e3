"""What the service says of itself: its abilities, its resource types and their attributes.

Source:
    RFC 7643, sections 5 to 7.
"""

from collections.abc import Mapping
from typing import Any

USER = "urn:ietf:params:scim:schemas:core:2.0:User"
GROUP = "urn:ietf:params:scim:schemas:core:2.0:Group"
MOST_RESULTS = 1000
_SCHEMA = "urn:ietf:params:scim:schemas:core:2.0:Schema"
_RESOURCE_TYPE = "urn:ietf:params:scim:schemas:core:2.0:ResourceType"
_CONFIG = "urn:ietf:params:scim:schemas:core:2.0:ServiceProviderConfig"

UNKEPT = frozenset(
    {
        "addresses",
        "emails",
        "entitlements",
        "ims",
        "locale",
        "name",
        "nickname",
        "password",
        "phonenumbers",
        "photos",
        "preferredlanguage",
        "profileurl",
        "roles",
        "timezone",
        "title",
        "usertype",
        "x509certificates",
    }
)
"""Attributes of the core schema that directories send and that are not kept, in lower case."""


def service_provider_config(base: str) -> dict[str, Any]:
    """Return what the service can do; ``base`` is its address."""
    return {
        "schemas": [_CONFIG],
        "patch": {"supported": True},
        "bulk": {"supported": False, "maxOperations": 0, "maxPayloadSize": 0},
        "filter": {"supported": True, "maxResults": MOST_RESULTS},
        "changePassword": {"supported": False},
        "sort": {"supported": False},
        "etag": {"supported": True},
        "authenticationSchemes": [
            {
                "type": "oauthbearertoken",
                "name": "Bearer token",
                "description": "A token of this vault with scope directory:write.",
                "primary": True,
            }
        ],
        "meta": {
            "resourceType": "ServiceProviderConfig",
            "location": f"{base}/ServiceProviderConfig",
        },
    }


def resource_types(base: str) -> list[dict[str, Any]]:
    """Return the kinds of resource there are."""
    return [
        {
            "schemas": [_RESOURCE_TYPE],
            "id": name,
            "name": name,
            "endpoint": f"/{name}s",
            "description": about,
            "schema": schema,
            "meta": {
                "resourceType": "ResourceType",
                "location": f"{base}/ResourceTypes/{name}",
            },
        }
        for name, schema, about in (
            ("User", USER, "A person who may sign in"),
            ("Group", GROUP, "Persons and groups that rights are given to together"),
        )
    ]


def schemas(base: str) -> list[dict[str, Any]]:
    """Return the attributes of each kind of resource."""
    return [
        {
            "schemas": [_SCHEMA],
            "id": identifier,
            "name": name,
            "description": f"{name} as this vault keeps it",
            "attributes": attributes,
            "meta": {"resourceType": "Schema", "location": f"{base}/Schemas/{identifier}"},
        }
        for identifier, name, attributes in (
            (USER, "User", _user()),
            (GROUP, "Group", _group()),
        )
    ]


def _user() -> list[dict[str, Any]]:
    return [
        _text("userName", "Sign-in name", required=True, uniqueness="server"),
        _text("displayName", "Name to show"),
        _attribute("active", "boolean", "Whether the person may sign in", required=True),
        _attribute(
            "groups",
            "complex",
            "Groups that list the person directly",
            multiValued=True,
            mutability="readOnly",
            subAttributes=[
                _text("value", "Id of the group", mutability="readOnly"),
                _reference(["Group"], mutability="readOnly"),
                _text("display", "Name of the group", mutability="readOnly"),
                _text("type", "How the person belongs to it", mutability="readOnly"),
            ],
        ),
    ]


def _group() -> list[dict[str, Any]]:
    return [
        _text("displayName", "Name of the group", required=True, uniqueness="server"),
        _attribute(
            "members",
            "complex",
            "Persons and groups directly in it",
            multiValued=True,
            subAttributes=[
                _text("value", "Id of the member", mutability="immutable"),
                _reference(["User", "Group"], mutability="immutable"),
                _text(
                    "type",
                    "User or Group",
                    mutability="immutable",
                    canonicalValues=["User", "Group"],
                ),
            ],
        ),
    ]


def _attribute(name: str, kind: str, description: str, **terms: object) -> dict[str, Any]:
    usual: Mapping[str, object] = {
        "multiValued": False,
        "required": False,
        "mutability": "readWrite",
        "returned": "default",
    }
    return {"name": name, "type": kind, "description": description, **usual, **terms}


def _text(name: str, description: str, **terms: object) -> dict[str, Any]:
    usual = {"caseExact": False, "uniqueness": "none"}
    return _attribute(name, "string", description, **(usual | terms))


def _reference(kinds: list[str], **terms: object) -> dict[str, Any]:
    usual = {"referenceTypes": kinds, "caseExact": True, "uniqueness": "none"}
    return _attribute("$ref", "reference", "Address of the resource", **(usual | terms))
