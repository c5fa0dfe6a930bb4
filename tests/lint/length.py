"""The size budget: a source file has at most 500 lines, a function at most 80.

usage: length.py ROOT
"""
import re
import statistics
import sys

from sources import Report, blank, code_only, files, line_of, read

FILE_LINES = 500
FUNCTION_LINES = 80

DIRECTIVE = re.compile(r"^[ \t]*#[ \t]*(\w*)(?:\\\n|[^\n])*", re.M)
ATTRIBUTE = re.compile(r"__attribute__\s*\(\(.*?\)\)", re.S)
# What stands before the brace of a function's body, and before one that only groups functions.
FUNCTION_HEAD = re.compile(r"\)\s*((const|noexcept|override|final)\s*)*$")
GROUP_HEAD = re.compile(r'^\s*(extern\s*"\s*"|namespace\b|class\b)')


def plain(text):
    """Code without comments, strings and directives; of an #if, the first branch alone."""
    text = code_only(text)
    pieces, at = [], 0
    later_branch = []  # of each open #if: whether its first branch is over
    for directive in DIRECTIVE.finditer(text):
        piece = text[at:directive.start()]
        pieces += [blank(piece) if any(later_branch) else piece, blank(directive[0])]
        at = directive.end()
        if directive[1].startswith("if"):
            later_branch.append(False)
        elif directive[1].startswith("el") and later_branch:
            later_branch[-1] = True
        elif directive[1] == "endif" and later_branch:
            later_branch.pop()
    return "".join(pieces) + text[at:]


def functions(text):
    """(name, first line, last line) of each function."""
    text = plain(text)
    found = []
    depth, head_start, body = 0, 0, None
    for match in re.finditer(r"[{};]", text):
        at = match.start()
        if match[0] == "{":
            head = ATTRIBUTE.sub(lambda m: blank(m[0]), text[head_start:at])
            if depth == 0 and GROUP_HEAD.match(head):
                head_start = at + 1
                continue
            if depth == 0 and FUNCTION_HEAD.search(head) and "=" not in head.split("(")[0]:
                name = re.search(r"([\w~:]+)\s*\(", head)
                first = head_start + len(head) - len(head.lstrip())
                body = (name[1] if name else "?", line_of(text, first))
            depth += 1
        elif match[0] == "}" and depth > 0:
            depth -= 1
            if depth == 0 and body:
                found.append((*body, line_of(text, at)))
                body = None
        if depth == 0:
            head_start = at + 1
    return found


def summary(what, sizes):
    if not sizes:
        return f"no {what}"
    ninetieth = sorted(sizes)[int(len(sizes) * 0.9)]
    return (f"{len(sizes)} {what}: median {statistics.median(sizes):.0f} lines, "
            f"90% have at most {ninetieth}, the longest {max(sizes)}")


def main():
    root = sys.argv[1]
    report = Report()
    file_sizes, function_sizes = [], []
    for path in files(root, ".c", ".cc"):
        text = read(root, path)
        lines = text.count("\n")
        file_sizes.append(lines)
        if lines > FILE_LINES:
            report.add(path, FILE_LINES, f"{lines} lines: a file has at most {FILE_LINES}; give a "
                                         "noun of it a file of its own")
        for name, first, last in functions(text):
            function_sizes.append(last - first + 1)
            if last - first >= FUNCTION_LINES:
                report.add(path, first, f"{name}() has {last - first + 1} lines: at most "
                                        f"{FUNCTION_LINES}; name its steps and make them functions")
    print(summary("files", file_sizes))
    report.finish(summary("functions", function_sizes))


if __name__ == "__main__":
    main()
