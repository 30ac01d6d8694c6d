"""How the detector's numbers were learned and measured. Not part of what is installed."""
