"""Fixes: from changes in the model's words to what they make of an input."""
