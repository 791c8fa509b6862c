"""What belongs to the whole process: modules of Python, Django's settings, iterators, threads, libraries."""
