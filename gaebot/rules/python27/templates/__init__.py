"""Rules about templates: webapp.template and Django's own."""
