"""What was performed, and which limits it met. Pure: no files, no clock."""
