"""Every header of the ABI compiles alone, in every language that may include it.

usage: headers.py ROOT
"""
import itertools
import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

from sources import Report, files

COMPILERS = ("gcc", "clang")
LANGUAGES = (("c", "c11"), ("c", "c17"), ("c++", "c++17"), ("c++", "c++20"))
WARNINGS = ("-pedantic", "-Wall", "-Wextra", "-Werror")


def compile_header(root, header, compiler, language, standard):
    """The first message of the compiler, or nothing. Included twice: the guard is tested too."""
    line = f"#include <{header.removeprefix('include/')}>\n"
    result = subprocess.run(
        [compiler, "-x", language, f"-std={standard}", *WARNINGS, "-fsyntax-only",
         "-I", os.path.join(root, "include"), "-"],
        input=line * 2, capture_output=True, check=False, text=True)
    if result.returncode == 0:
        return None
    errors = [text for text in result.stderr.split("\n") if "error:" in text]
    return (errors or [result.stderr.strip()])[0]


def main():
    root = sys.argv[1]
    report = Report()
    headers = [path for path in files(root, ".h") if path.startswith("include/junmai/")]
    cases = [(header, compiler, *language)
             for header, compiler, language in itertools.product(headers, COMPILERS, LANGUAGES)]
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        messages = pool.map(lambda case: compile_header(root, *case), cases)
        for (header, compiler, _, standard), message in zip(cases, messages):
            if message:
                report.add(header, 1, f"does not compile alone as {standard} with {compiler}: "
                                      f"{message}")
    report.finish(f"{len(headers)} headers, {len(cases)} compilations")


if __name__ == "__main__":
    main()
