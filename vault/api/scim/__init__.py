"""The SCIM 2.0 service: a directory outside provisions persons and groups."""
