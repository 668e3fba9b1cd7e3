"""The command line: one module per noun over the same services as every other edge."""
