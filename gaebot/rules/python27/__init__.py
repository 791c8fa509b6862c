"""The hop from Python 2.5 to `runtime: python27`. The modules here are what its rules share."""
