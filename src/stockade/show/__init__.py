"""Reports as people and machines read them; nothing here decides anything."""
