"""Start a program and write down how long it takes and what the system tells of it.

    python -I -S launch.py RECORD PROGRAM [ARGUMENT ...]

It stands between the script that measures and the program because a process's peak begins, on Linux, with
that of the one that started it: this one holds next to nothing. RECORD gets seconds, `ru_maxrss` and the
exit code.
"""

import os
import sys
import time

if __name__ == "__main__":
    start = time.perf_counter()
    pid = os.posix_spawn(sys.argv[2], sys.argv[2:], os.environ)
    _, status, usage = os.wait4(pid, 0)
    seconds = time.perf_counter() - start
    record = f"{seconds} {usage.ru_maxrss} {os.waitstatus_to_exitcode(status)}\n".encode()
    descriptor = os.open(sys.argv[1], os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
    os.write(descriptor, record)
