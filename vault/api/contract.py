"""The published OpenAPI document, made to say exactly what is sent."""

from typing import Any

from fastapi import FastAPI

from vault.api.problems import MEDIA_TYPE


class Application(FastAPI):
    """A FastAPI application whose failures are described as problem details."""

    def openapi(self) -> dict[str, Any]:
        """Return the OpenAPI document.

        Source:
            OpenAPI 3.1.0; RFC 9457, section 3, for the media type of a failure.
        """
        if self.openapi_schema is None:
            described = super().openapi()
            for path in described["paths"].values():
                for operation in path.values():
                    _retype(operation["responses"])
        return self.openapi_schema or {}


def _retype(responses: dict[str, Any]) -> None:
    """Every failure is a problem, whatever media type the route has when it succeeds."""
    for status, response in responses.items():
        if int(status) >= 400 and "content" in response:
            (described,) = response["content"].values()
            response["content"] = {MEDIA_TYPE: described}
