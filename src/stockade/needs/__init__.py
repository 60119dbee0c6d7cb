"""What a function needs to be allowed: from its source and how it is wired, from its configuration, from a trail.

The ways meet in ``derive``: operations become actions (``actions``), parameters become names (``resources``),
names become ARNs of what the infrastructure declares (``join``).
"""
