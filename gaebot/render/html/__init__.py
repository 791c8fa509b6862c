"""A report as one page for a browser: the function is `page.render_html`.

Nothing is imported here, so that the template engine is loaded for this format alone.
"""
