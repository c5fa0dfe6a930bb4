"""The sources have the shape that .clang-format gives them.

usage: format.py ROOT
"""
import os
import re
import subprocess
import sys

from sources import C_FILES, Report, files


def main():
    root = sys.argv[1]
    report = Report()
    sources = files(root, *C_FILES)
    if sources:
        result = subprocess.run(["clang-format", "--dry-run", *sources], cwd=os.path.abspath(root),
                                capture_output=True, check=False, text=True)
        places = re.findall(r"^(.*?):(\d+):\d+: warning:", result.stderr, re.M)
        for path, line in {path: line for path, line in reversed(places)}.items():
            report.add(path, line, "is not formatted (first place): run ./dev format")
        if result.returncode != 0:
            sys.exit(f"clang-format failed: {result.stderr}")
    report.finish(f"{len(sources)} files")


if __name__ == "__main__":
    main()
