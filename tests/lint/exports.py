"""What the built objects show to the dynamic linker: a plugin its entry, the host nothing; and that
nothing which parses untrusted files is linked into the host.

usage: exports.py ROOT BUILD
"""
import glob
import os
import re
import subprocess
import sys

from sources import Report

PARSERS = re.compile(r"^lib(gexiv2|exiv2|exif|vips|raw|raw_r|jpeg|turbojpeg|png|tiff|webp|heif|avif|"
                     r"jxl|lcms2|openjp2|xml2|gdk_pixbuf)\b")
HOST_ONLY = re.compile(r"^lib(uv|websockets|ltdl|sqlite3)\b")


def run(*command):
    return subprocess.run(command, capture_output=True, check=True, text=True).stdout


def exported(path):
    """Names of the symbols that an object defines for others. A name with "@" is not one of ours:
    an executable's copy of a variable of the C library, such as stderr."""
    names = [line.split()[0] for line in run("nm", "-D", "-P", "--defined-only", path).split("\n")
             if line]
    return sorted(name for name in names if "@" not in name)


def needed(path):
    return re.findall(r"\(NEEDED\).*\[(.*)\]", run("readelf", "-d", path))


def check_plugin(path, report):
    is_task = path.endswith("-task.so")
    entry = "junmai_task_entry" if is_task else "junmai_plugin_entry"
    names = exported(path)
    if names != [entry]:
        report.add(path, 0, f"exports {', '.join(names) or 'nothing'}; define {entry} after "
                            "JM_EXPORT, and everything else static or hidden")
    for library in needed(path):
        if HOST_ONLY.match(library):
            report.add(path, 0, f"is linked to {library}, which is the host's: go through "
                                "<junmai/...>")
        if PARSERS.match(library) and not is_task:
            report.add(path, 0, f"is linked to {library}, which parses untrusted files: move it from "
                                "LIBS to TASK_LIBS")


def main():
    root, build = sys.argv[1], sys.argv[2]
    report = Report()
    plugins = sorted(glob.glob(os.path.join(build, "plugins", "*.so")))
    for path in plugins:
        check_plugin(path, report)
    for listing in glob.glob(os.path.join(build, "plugin-sources", "*.txt")):
        name = os.path.basename(listing)[:-len(".txt")]
        path = os.path.join(build, "plugins", name + ".so")
        if path not in plugins:
            report.add(path, 0, "was not built; build everything, then run this again")

    host = os.path.join(build, "bin", "junmaid")
    if os.path.isfile(host):
        for name in exported(host):
            report.add(host, 0, f"exports {name}; the host exports nothing: make it static or "
                                "hidden, and link without -rdynamic")
    elif os.path.isdir(os.path.join(root, "host")):
        report.add(host, 0, "was not built; build everything, then run this again")
    report.finish(f"{len(plugins)} plugin objects and the host")


if __name__ == "__main__":
    main()
