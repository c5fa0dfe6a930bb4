"""The layers: who may include what, and that the host knows no plugin by name.

usage: includes.py ROOT BUILD

BUILD/plugin-sources/NAME.txt, written by junmai_add_plugin, lists what is loaded into the host.
"""
import glob
import os
import re
import sys

from sources import C_FILES, Report, code_only, files, line_of, read, without_comments

C_STANDARD = {
    "assert.h", "complex.h", "ctype.h", "errno.h", "fenv.h", "float.h", "inttypes.h", "iso646.h",
    "limits.h", "locale.h", "math.h", "setjmp.h", "signal.h", "stdalign.h", "stdarg.h",
    "stdatomic.h", "stdbool.h", "stddef.h", "stdint.h", "stdio.h", "stdlib.h", "stdnoreturn.h",
    "string.h", "tgmath.h", "threads.h", "time.h", "uchar.h", "wchar.h", "wctype.h"}

# Headers that belong to the host's own libraries.
HOST_ONLY = re.compile(r"^(host/.*|uv\.h|uv/.*|libwebsockets\.h|libwebsockets/.*|ltdl\.h|"
                       r"libltdl/.*|sqlite3(ext)?\.h)$")
EVENT_LOOP = re.compile(r"^(uv\.h|uv/.*|libwebsockets\.h|libwebsockets/.*)$")

# Headers of parsers of foreign formats: only task objects, in worker processes, may use them.
PARSERS = re.compile(r"^(gexiv2|exiv2|libexif|vips|libraw|turbojpeg|jpeglib|png|tiff|tiffio|webp|"
                     r"libheif|avif|jxl|lcms2|openjpeg[^/]*|libxml2?|gdk-pixbuf[^/]*)(/|\.h)")

INCLUDE = re.compile(r'^[ \t]*#[ \t]*include[ \t]*([<"])([^>"]+)[>"]', re.M)

# A plugin's name that is also an everyday word counts only where it names the plugin; "system" is
# too common to tell, and "lightroom" is what a type of clients is called on the wire.
EVERYDAY = {"batch", "export", "import", "queue"}
UNTELLABLE = {"system", "lightroom"}


def includes(root, path):
    """(line, quoted or not, header) of each include of a file."""
    text = without_comments(read(root, path))
    return [(line_of(text, m.start(2)), m[1] == '"', m[2]) for m in INCLUDE.finditer(text)]


def check_abi(root, path, report):
    for line, _, header in includes(root, path):
        if header not in C_STANDARD and not header.startswith("junmai/"):
            report.add(path, line, f"the ABI includes C standard headers and <junmai/...> only; "
                                   f"do without {header}")


def check_plugin(root, path, report):
    name = path.split("/")[1]
    folder = os.path.join(root, "plugins", name)
    for line, quoted, header in includes(root, path):
        other = header.split("/")[0]
        if HOST_ONLY.match(header):
            report.add(path, line, f"a plugin reaches the host through <junmai/...>; remove {header}")
        elif quoted and header != f"{name}_manifest.h" and not is_own(root, path, folder, header):
            report.add(path, line, f"{header} is not in plugins/{name}: use what other folders "
                                   "publish, with <...>")
        elif (not quoted and other != name
              and os.path.isfile(os.path.join(root, "plugins", other, "manifest.json"))
              and not os.path.isfile(os.path.join(root, "plugins", other, "include", header))):
            report.add(path, line, f"plugins/{other} does not publish {header}: only its include/ "
                                   "is for others")


def is_own(root, path, folder, header):
    beside = os.path.join(root, os.path.dirname(path), header)
    candidates = (beside, os.path.join(folder, header))
    return any(os.path.isfile(c) and os.path.realpath(c).startswith(os.path.realpath(folder) + "/")
               for c in candidates)


def check_host(root, path, names, report):
    for line, _, header in includes(root, path):
        if EVENT_LOOP.match(header) and not path.startswith(("host/transport/", "host/loop/")):
            report.add(path, line, f"only host/transport/ and host/loop/ include {header}; the rest "
                                   "is plain C over plain data")
        if header.startswith(("junmai/sdk/", "plugins/", "sdk/")) or "/plugins/" in header:
            report.add(path, line, f"the host includes its own headers and the ABI; remove {header}")
    check_names(path, read(root, path), names, report)


def check_names(path, text, names, report):
    """No host file names a plugin: manifests do."""
    strings = without_comments(text)
    code = code_only(text)
    for name in names:
        literal = rf'"([^"\n]*[./])?{name}([./-][^"\n]*)?"'
        identifier = rf"\b(plugin_{name}|{name}_plugin)\b"
        if name not in EVERYDAY:
            identifier = rf"(?<![A-Za-z]){name}(?![A-Za-z])"
        for found, where in ((re.finditer(literal, strings), strings),
                             (re.finditer(identifier, code, re.I), code)):
            for match in found:
                report.add(path, line_of(where, match.start()),
                           f"the host names the plugin '{name}'; take it from the manifests")


def check_single_owner(root, host_files, header, report):
    """Only one file of the host sees this library."""
    users = [(path, line) for path in host_files
             for line, _, name in includes(root, path) if name == header]
    for path, line in users[1:]:
        report.add(path, line, f"{header} is included by {users[0][0]} alone; go through it")


def check_parsers(root, build, report):
    """What is loaded into the host reads no foreign format, in its headers neither."""
    for listing in sorted(glob.glob(os.path.join(build, "plugin-sources", "*.txt"))):
        pending = [os.path.relpath(line, root) for line in read("/", listing).split("\n") if line]
        seen = set()
        while pending:
            path = pending.pop()
            if path in seen or not os.path.isfile(os.path.join(root, path)):
                continue
            seen.add(path)
            for line, quoted, header in includes(root, path):
                if PARSERS.match(header):
                    report.add(path, line, f"{header} parses untrusted files: move this to a source "
                                           "of TASK_SOURCES")
                if quoted:
                    pending.append(os.path.join(os.path.dirname(path), header))


def main():
    root, build = os.path.abspath(sys.argv[1]), os.path.abspath(sys.argv[2])
    report = Report()
    sources = files(root, *C_FILES)
    host = [path for path in sources if path.startswith("host/")]
    plugins = {os.path.basename(os.path.dirname(p))
               for p in glob.glob(os.path.join(root, "plugins", "*", "manifest.json"))}
    for path in sources:
        if path.startswith("include/"):
            check_abi(root, path, report)
        elif path.startswith("plugins/"):
            check_plugin(root, path, report)
        elif path.startswith("host/"):
            check_host(root, path, sorted(plugins - UNTELLABLE), report)
    check_single_owner(root, host, "ltdl.h", report)
    check_single_owner(root, host, "sqlite3.h", report)
    check_parsers(root, build, report)
    report.finish(f"{len(sources)} files")


if __name__ == "__main__":
    main()
