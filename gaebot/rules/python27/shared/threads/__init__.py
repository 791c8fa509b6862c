"""What requests share, and how code guards it."""
