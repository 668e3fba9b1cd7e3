"""Sign-in by an issuer of the organisation's own: its tokens, its people, sessions of the page."""
