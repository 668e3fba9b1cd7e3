"""One module per engine that takes part in a comparison."""
