"""A new project with a function that is hardened from the start."""
