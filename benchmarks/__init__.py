"""One command for each claim about speed or quality."""
