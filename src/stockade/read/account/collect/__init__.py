"""A file for every family of facts that is read from an account."""
