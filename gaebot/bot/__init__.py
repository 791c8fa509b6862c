"""The bot: reviews pull requests and opens fix-up pull requests. PyGithub is imported in `github` only."""
