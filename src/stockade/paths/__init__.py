"""Who can invoke each function, what each can reach, and the paths that the two make together."""
