"""Governed runs: registered tools, people who approve, budgets, and a record of every step."""
