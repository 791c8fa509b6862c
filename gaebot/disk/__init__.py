"""The app on disk: find it, read it, write its fixes. No other part of the library touches files.

What lies below a path is hostile: links out of the app, pipes that never end, files of any size.
Nothing of it is followed, opened or read that is not a plain file inside the app.
"""

from gaebot.disk.commit import checked_out
from gaebot.disk.find import NoAppError, Target, find_apps, find_owner, find_targets, git_prefix
from gaebot.disk.read import read_app
from gaebot.disk.recover import interrupted
from gaebot.disk.settings import (
    baseline_path,
    exists,
    find_config,
    read_baseline,
    read_config,
    relative_path,
    repository_path,
    write_baseline,
)
from gaebot.disk.write import WriteRefusedError, complete, write_changes

__all__ = [
    "NoAppError",
    "Target",
    "WriteRefusedError",
    "baseline_path",
    "checked_out",
    "complete",
    "exists",
    "find_apps",
    "find_config",
    "find_owner",
    "find_targets",
    "git_prefix",
    "interrupted",
    "read_app",
    "read_baseline",
    "read_config",
    "relative_path",
    "repository_path",
    "write_baseline",
    "write_changes",
]
