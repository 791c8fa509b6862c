"""Rules: one package per hop, in it one package per family, in it one module per rule."""
