"""No notes to oneself and no paths of one machine in the tree.

usage: words.py ROOT
"""
import re
import sys

from sources import Report, files, line_of, read

# Written in pieces, so that this file passes too.
NOTES = re.compile(r"\b(TO" r"DO|FIX" r"ME|X" r"XX)\b|\bfor" r"\s+now\b")
MACHINE = re.compile(r"(?<![\w.})$*-])/(wo" r"rk|ro" r"ot|ho" r"me)/")
SKIPPED = ("tests/fuzz/corpus/",)


def main():
    root = sys.argv[1]
    report = Report()
    paths = [path for path in files(root) if not path.startswith(SKIPPED)]
    for path in paths:
        text = read(root, path)
        if "\0" in text:
            continue
        for match in NOTES.finditer(text):
            report.add(path, line_of(text, match.start()),
                       f"'{match[0]}': do it, or write an issue or an ADR")
        for match in MACHINE.finditer(text):
            report.add(path, line_of(text, match.start()),
                       f"'{match[0]}' is a path of one machine: find it at run time")
    report.finish(f"{len(paths)} files")


if __name__ == "__main__":
    main()
