"""The hop from Python 2.5 to `runtime: python27`: one package per family, and what rules share."""
