# makes "tools" importable
