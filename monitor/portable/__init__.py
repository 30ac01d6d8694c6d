"""Taking data along: everything of one runner as an archive, the whole folder as a backup, and both back again."""
