"""Thread safety: what goes wrong when requests run at the same time."""
