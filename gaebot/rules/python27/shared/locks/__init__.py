"""The app's locks: where they are held, what runs under them, and how one is added."""
