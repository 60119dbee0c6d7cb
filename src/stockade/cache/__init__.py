"""What a scan found, kept for the next one: an answer is used again where nothing that it hangs on has changed.

cache/entries    a directory of entries: written whole or not at all, checked when read, bounded
cache/encoding   a piece of a scan as a plain document, and again
cache/sources    the files that places are in, by which their text is read anew
cache/program    what tells this program from another version of it
"""
