"""Tests of the GitHub Action: action.yml, how it starts, and the workflows to copy."""
