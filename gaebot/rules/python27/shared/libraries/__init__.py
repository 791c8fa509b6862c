"""What the app imports, carries along and asks the runtime for."""
