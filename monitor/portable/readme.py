"""What stands in README.txt of an export and of a backup: for whoever finds the file in ten years, with no program."""

OF_AN_EXPORT = """\
This file holds everything that Restride kept of one runner. It is hers. It
holds what she said about her body, and where she ran: keep it as you would
keep a letter from a doctor.

  manifest.json      whose it is, when and by which version it was written, and
                     the size and SHA-256 of every other file in here
  facts.jsonl        what she told, one entry a line: check-ins, dates, gates,
                     corrections, and what was recommended to her at the time
  originals.jsonl    the files that were imported: their names, when they came,
                     and what came of reading them
  originals/         those files, byte for byte, each named by its SHA-256;
                     originals.jsonl says what each was called
  recordings.jsonl   what was measured in them: jogs, walks, and how sure that is
  messages.jsonl     what she was told unasked
  inbox.jsonl        what was found in the folder that is watched
  derived/           what follows from all that, at the time of this export:
                     report.html opens in any browser, sessions.json and
                     recommendation.json are for other programs

A .jsonl file is text (UTF-8); each line is one JSON object. Times are UTC.

To put it back:  restride restore FILE
"""

OF_A_BACKUP = """\
This file holds a whole data folder of Restride, of everybody in it, as it was
at one moment. It holds what people said about their bodies, and where they
ran: keep it where nobody else can read it.

  manifest.json   when and by which version it was written, and the size and
                  SHA-256 of every other file in here
  restride.db     the database (SQLite)
  archive/        the files that were imported, byte for byte, each named by its
                  SHA-256; the table `original` says what each was called
  restride.toml   the settings of the folder, with the addresses that
                  notifications are sent to, where there were any

Reports are not in it, for they can be written again, and neither are files in
the inbox that were not imported yet.

To put it back into a folder without a database:  restride restore FILE
"""
