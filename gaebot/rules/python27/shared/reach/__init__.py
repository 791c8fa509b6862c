"""What a request can reach: the functions and classes of the app, and the calls between them."""
