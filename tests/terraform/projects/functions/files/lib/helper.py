"""Found by a recursive pattern."""
