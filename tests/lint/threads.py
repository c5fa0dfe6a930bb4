"""Every function of the ABI says in its comment on which thread it runs: [loop], [worker] or [any],
with a state where there is one, as in [loop & active].

usage: threads.py ROOT
"""
import re
import sys

from sources import Report, code_only, files, line_of, read

TAG = re.compile(r"\[(loop|worker|any)\b[^\]\n]*\]")
ATTRIBUTE = re.compile(r"__attribute__\s*\(\(.*?\)\)|\b(_S|s)tatic_assert\s*\([^;]*", re.S)
DIRECTIVE = re.compile(r"^[ \t]*#(?:\\\n|[^\n])*", re.M)
POINTER = re.compile(r"\(\s*\*\s*(\w+)\s*\)\s*\(")
FUNCTION = re.compile(r"\b(\w+)\s*\(")


def declarations(text):
    """(offset, name, comment) of each function and function pointer. A declaration owns the text
    from the end of the line of the one before it to the end of its own last line; one that follows
    without a comment or an empty line is of the same group, and shares the comment."""
    def spaces(match):
        return re.sub(r"[^\n]", " ", match[0])
    code = ATTRIBUTE.sub(spaces, DIRECTIVE.sub(spaces, code_only(text)))
    own_from = statement_from = 0
    comment = ""
    for end in re.finditer(r"[{};]", code):
        statement = code[statement_from:end.start()]
        name = POINTER.search(statement) or FUNCTION.search(statement)
        line_end = text.find("\n", end.end())
        line_end = len(text) if line_end < 0 else line_end
        own = text[own_from:line_end]
        if "/*" in own or "//" in own or re.search(r"\n[ \t]*\n", own):
            comment = own
        if name:
            yield statement_from + name.start(1), name[1], comment
        own_from = line_end
        statement_from = end.end()


def main():
    root = sys.argv[1]
    report = Report()
    count = 0
    for path in files(root, ".h"):
        if not path.startswith("include/junmai/"):
            continue
        text = read(root, path)
        for offset, name, comment in declarations(text):
            count += 1
            if not TAG.search(comment):
                report.add(path, line_of(text, offset),
                           f"say in the comment of {name} on which thread it runs: [loop], "
                           "[worker] or [any]")
    report.finish(f"{count} functions")


if __name__ == "__main__":
    main()
