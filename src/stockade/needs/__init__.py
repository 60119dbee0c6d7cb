"""What a function needs to be allowed: by its source and how it is wired, its configuration, a trail.

The ways meet in ``derive``: operations become actions (``actions``), parameters become names (``resources``),
names become ARNs of what the infrastructure declares (``join``).
"""
