"""What functions ship, found from what an input says of it: directories, archives, images, inline source."""
