"""Rules that every hop has."""
