"""The page people use: templates, one style sheet, plain scripts, nothing from elsewhere."""
