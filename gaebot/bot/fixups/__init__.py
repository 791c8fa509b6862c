"""Fix-up pull requests: what the engine would fix, offered so that a team can merge or refuse it.

`content` makes the patches, `decide` says what becomes of each group of them, `plan` turns that into
operations, and `act` carries them out. `run` puts it together.
"""
