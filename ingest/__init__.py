"""Watch files to recordings: `read(path)` is the door."""
