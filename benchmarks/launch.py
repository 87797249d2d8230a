"""Run one command and print its wall time [s] and peak memory as the kernel counts it.

A process of its own, because a command's peak starts from that of whoever starts it: a
program that holds little must do that. Imports only what Python starts quickly with.
"""

import os
import subprocess
import sys
import time

started = time.perf_counter()
process = subprocess.Popen(sys.argv[1:], stdout=subprocess.DEVNULL)
_, status, usage = os.wait4(process.pid, 0)  # unlike Popen.wait, it tells the memory
print(time.perf_counter() - started, usage.ru_maxrss)
process.returncode = os.waitstatus_to_exitcode(status)
sys.exit(1 if process.returncode else 0)
