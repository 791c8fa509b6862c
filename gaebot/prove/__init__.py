"""The judges: CPython 2.7 and Google's own App Engine SDK say whether an app still works.

They run as programs of their own; nothing of an app is imported here. `compile_files` and
`validate_yaml` only read the app. `DevServer` and `probe_handlers` do run it, in a copy, on
Google's development server, bound to the loopback interface: use them on apps you would run
yourself.
"""

from gaebot.prove.handlers import Handler, handler_urls, read_handlers, route
from gaebot.prove.probe import Probe, ProbeReport, Verdict, probe_handlers
from gaebot.prove.python27 import ProofError, compile_files, find_python27
from gaebot.prove.sdk import SDK_VERSION, YamlVerdict, find_sdk, install_sdk, validate_yaml
from gaebot.prove.server import Answer, DevServer, Login, NoAnswerError, StartError

__all__ = [
    "SDK_VERSION",
    "Answer",
    "DevServer",
    "Handler",
    "Login",
    "NoAnswerError",
    "Probe",
    "ProbeReport",
    "ProofError",
    "StartError",
    "Verdict",
    "YamlVerdict",
    "compile_files",
    "find_python27",
    "find_sdk",
    "handler_urls",
    "install_sdk",
    "probe_handlers",
    "read_handlers",
    "route",
    "validate_yaml",
]
