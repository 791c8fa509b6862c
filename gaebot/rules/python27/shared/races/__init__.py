"""What requests share and change, what goes wrong with that, and the lock that mends it."""
