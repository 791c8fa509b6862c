"""Rules about WebOb 1.1 and 1.2, which replace 0.9."""
