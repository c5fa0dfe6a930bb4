"""What the lint tests share: which files there are, C text without its comments, and the report."""
import os
import re
import subprocess
import sys

C_FILES = (".c", ".h", ".cc", ".hh")

# A comment, a string or a character constant: what must not be read as code.
_TOKEN = re.compile(r'//[^\n]*|/\*.*?\*/|"(?:\\.|[^"\\\n])*"|\'(?:\\.|[^\'\\\n])*\'', re.S)


def files(root, *suffixes):
    """The files of the tree that git knows or would add, as paths relative to root."""
    command = ["git", "-C", root, "ls-files", "-coz", "--exclude-standard"]
    listing = subprocess.run(command, capture_output=True, check=False)
    if listing.returncode == 0:
        names = listing.stdout.decode().split("\0")
    else:  # not a clone, but an unpacked archive
        names = [os.path.relpath(os.path.join(folder, name), root)
                 for folder, _, found in os.walk(root) for name in found]
        names = [name for name in names if not name.startswith(("build/", ".git/"))]
    return sorted(name for name in set(names)
                  if (not suffixes or name.endswith(suffixes))
                  and os.path.isfile(os.path.join(root, name)))


def read(root, path):
    with open(os.path.join(root, path), encoding="utf-8", errors="replace") as file:
        return file.read()


def blank(text):
    """The text in spaces, its lines kept."""
    return re.sub(r"[^\n]", " ", text)


def without_comments(text):
    """C text with blank comments: every offset and line number stays what it was."""
    return _TOKEN.sub(lambda m: blank(m[0]) if m[0].startswith("/") else m[0], text)


def code_only(text):
    """C text with blank comments and empty strings."""
    return _TOKEN.sub(
        lambda m: blank(m[0]) if m[0].startswith("/") else m[0][0] + blank(m[0][1:-1]) + m[0][-1],
        text)


def line_of(text, offset):
    return text.count("\n", 0, offset) + 1


class Report:
    """Collects findings, each with the place and what to do about it."""

    def __init__(self):
        self.count = 0

    def add(self, path, line, what_to_do):
        print(f"{path}:{line}: {what_to_do}")
        self.count += 1

    def finish(self, looked_at):
        print(f"{looked_at}, {self.count} findings")
        sys.exit(1 if self.count else 0)
