"""One module per noun: parse, one service call, render."""
