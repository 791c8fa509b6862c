"""What bench/versus.py is made of: programs, their environment, one measured run, counts, and the table."""
