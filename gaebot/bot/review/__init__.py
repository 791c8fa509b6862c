"""Reviewing a pull request: what is to be said, where it can be said, and saying it once.

`statement` turns reports into plain data, which `stored` can also write and read. `plan` makes operations of
it and of what the host shows now; `act` carries them out; `run` has the two ways in.
"""
