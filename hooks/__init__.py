"""The hooks for pre-commit, and for tools that read its configuration.

In the repository this folder stands at the top; installed it is the package `gaebot.hooks`. The link
`gaebot/hooks` makes it that in a checkout too.
"""
