"""What a text gives away: secrets by name, shape and format, and hosts of a private network."""
