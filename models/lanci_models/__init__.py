"""Data only: trained models, one folder a name and version. Never imports lanci."""
