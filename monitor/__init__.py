"""The application: facts, decision, store, command line, report."""
