"""What the switch to concurrent requests means for the code that a service runs."""
