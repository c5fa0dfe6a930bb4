"""The event types in the client libraries are those that the host declares.

usage: events_test.py JUNMAI JUNMAID CLIENTS [--write]

A host may have fewer plugins than the libraries know: each type that it declares must be in them word
for word. --write puts the declarations of this host in their place.
"""
import os
import re
import subprocess
import sys
import tempfile

FILES = {"ts": "typescript/src/events.ts", "python": "python/src/junmai/events.py"}
# A declaration: what stands between two empty lines, or between its brackets.
DECLARATIONS = {"ts": r"^export interface (?!EventMap).*?^}\n", "python": r"^\w+ = TypedDict.*?^}\)\n"}


def generate(junmai, url, language, path):
    subprocess.run([junmai, "--url", url, "codegen", language, "--out", path], check=True)


def compare(language, declared, known):
    """The first lines of the declarations that the library does not have."""
    missing = [block for block in re.findall(DECLARATIONS[language], declared, re.M | re.S)
               if block not in known]
    return [block.split("\n", 1)[0] for block in missing]


def check(junmai, url, clients, folder):
    missing = []
    for language, name in FILES.items():
        path = os.path.join(folder, language)
        generate(junmai, url, language, path)
        with open(path, encoding="utf-8") as declared, \
                open(os.path.join(clients, name), encoding="utf-8") as known:
            missing += [f"{name}: {line}" for line in
                        compare(language, declared.read(), known.read())]
    return missing


def main():
    junmai, junmaid, clients = sys.argv[1:4]
    with tempfile.TemporaryDirectory(prefix="junmai-test-") as folder:
        host = subprocess.Popen([junmaid, "--data", os.path.join(folder, "data"), "--port", "0"],
                                stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        try:
            url = host.stdout.readline().split()[-1]
            if "--write" in sys.argv:
                for language, name in FILES.items():
                    generate(junmai, url, language, os.path.join(clients, name))
                return
            missing = check(junmai, url, clients, folder)
        finally:
            host.kill()
            host.wait()
    for line in missing:
        print(line)
    if missing:
        sys.exit("The host declares other events: build the target client-events, which writes "
                 "them anew.")


if __name__ == "__main__":
    main()
