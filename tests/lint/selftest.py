"""Each rule finds what it is there for: runs the lint programs on small wrong trees, and on right
ones.

usage: selftest.py (the arguments of the other lint tests are ignored)
"""
import os
import subprocess
import sys
import tempfile
import unittest

HERE = os.path.dirname(os.path.abspath(__file__))
NOTE = "TO" + "DO"
PATH = "/ho" + "me/someone"
LONG_BODY = "    x++;\n" * 80


class Rules(unittest.TestCase):
    def lint(self, rule, tree):
        """Output of a rule on a tree of {path: text}; build/ is the build folder."""
        with tempfile.TemporaryDirectory() as root:
            for path, text in tree.items():
                os.makedirs(os.path.dirname(os.path.join(root, path)), exist_ok=True)
                with open(os.path.join(root, path), "w", encoding="utf-8") as file:
                    file.write(text.replace("@ROOT@", root))
            result = subprocess.run(
                [sys.executable, "-B", os.path.join(HERE, rule + ".py"), root, root + "/build"],
                capture_output=True, check=False, text=True)
            self.assertEqual(result.stderr, "")
            self.assertEqual(result.returncode, 0 if ", 0 findings" in result.stdout else 1)
            return result.stdout

    def refuses(self, rule, tree, *places):
        output = self.lint(rule, tree)
        for place in places:
            self.assertIn(place + ":", output)
        self.assertIn(f", {len(places)} findings", output)

    def accepts(self, rule, tree):
        self.assertIn(", 0 findings", self.lint(rule, tree))

    def test_abi_includes(self):
        self.refuses("includes", {"include/junmai/a.h": "#include <stdint.h>\n#include <unistd.h>\n"},
                     "include/junmai/a.h:2")

    def test_plugin_includes(self):
        self.refuses("includes", {
            "plugins/a/manifest.json": "{}", "plugins/b/manifest.json": "{}",
            "plugins/b/private.h": "", "plugins/b/include/b/b.h": "",
            "plugins/a/own.h": "",
            "plugins/a/x.c": '#include "own.h"\n#include <b/b.h>\n#include <jansson.h>\n'
                             '#include "a_manifest.h"\n// #include <uv.h>\n'
                             '#include <uv.h>\n#include "../b/private.h"\n#include <b/private.h>\n'},
            "plugins/a/x.c:6", "plugins/a/x.c:7", "plugins/a/x.c:8")

    def test_parsers_stay_in_tasks(self):
        self.refuses("includes", {
            "plugins/a/manifest.json": "{}",
            "build/plugin-sources/a.txt": "@ROOT@/plugins/a/plugin.c\n",
            "plugins/a/plugin.c": '#include "photo.h"\n',
            "plugins/a/photo.h": "\n#include <gexiv2/gexiv2.h>\n",
            "plugins/a/task.c": "#include <gexiv2/gexiv2.h>\n"}, "plugins/a/photo.h:2")

    def test_host_layers(self):
        self.refuses("includes", {
            "host/transport/ws.c": "#include <libwebsockets.h>\n",
            "host/loop/loop.c": "#include <uv.h>\n",
            "host/log/log.c": "#include <uv.h>\n",
            "host/store/a.c": "#include <sqlite3.h>\n",
            "host/store/b.c": "#include <sqlite3.h>\n"}, "host/log/log.c:1", "host/store/b.c:1")

    def test_host_names_no_plugin(self):
        manifests = {f"plugins/{name}/manifest.json": "{}" for name in ("queue", "catalog", "system")}
        self.accepts("includes", manifests | {
            "host/a.c": '/* The queue of a client. */ int queue; char *s = "the queue is full";'
                        'int system_errno;'})
        self.refuses("includes", manifests | {
            "host/a.c": 'char *a = "queue";\nchar *b = "/queue/jobs";\nint catalog_count;\n'},
            "host/a.c:1", "host/a.c:2", "host/a.c:3")

    def test_length(self):
        self.accepts("length", {"a.c": "void f(int x)\n{\n" + LONG_BODY[:-9 * 3] + "}\n"})
        self.refuses("length", {"a.c": "struct s {\n    int x;\n};\n\nstatic void f(int x) {\n"
                                       '    /* } */ char *s = "}";\n#if A\n    if (x) {\n#else\n'
                                       "    if (!x) {\n#endif\n    }\n" + LONG_BODY + "}\n"},
                     "a.c:5")
        self.refuses("length", {"a.c": "int x;\n" * 501}, "a.c:500")

    def test_threads(self):
        self.accepts("threads", {"include/junmai/a.h":
                                 "/* Does it. [loop] */\nint f(int x);\nstruct s {\n"
                                 "    int (*g)(int (*h)(void)); /* [any] */\n"
                                 "    /* Both. [loop & active] */\n    int (*i)(void);\n"
                                 "    int (*j)(void);\n};\n"})
        self.refuses("threads", {"include/junmai/a.h":
                                 "/* [loop] */\nint f(int x);\n\ntypedef void (*g)(int x);\n"
                                 "struct s {\n    int (*h)(void); /* [main] */\n};\n"},
                     "include/junmai/a.h:4", "include/junmai/a.h:6")

    def test_words(self):
        self.refuses("words", {"a.c": f"/* {NOTE}: more */\n", "b.md": f"\nsee {PATH}\n",
                               "c.py": "# good enough for" + " now\n"}, "a.c:1", "b.md:2", "c.py:1")
        self.accepts("words", {"a.c": '"XXXXXX" "../wo' 'rk/" "https://example.com/ho' 'me/"\n'})

    def test_headers(self):
        self.accepts("headers", {"include/junmai/a.h": "#ifndef A\n#define A\nstruct a { int x; };\n"
                                                       "#endif\n"})
        output = self.lint("headers", {"include/junmai/a.h": "#ifndef A\n#define A\n"
                                                             "static uint32_t x;\n#endif\n"})
        self.assertIn(", 8 findings", output)

    def test_exports(self):
        with tempfile.TemporaryDirectory() as root:
            def build(name, text):
                os.makedirs(root + "/build/plugins", exist_ok=True)
                subprocess.run(["gcc", "-shared", "-fPIC", "-x", "c", "-", "-o",
                                f"{root}/build/plugins/{name}.so"], input=text, check=True, text=True)
            build("good", "const int junmai_plugin_entry = 1;")
            build("good-task", "const int junmai_task_entry = 1;")
            build("bad", "const int junmai_plugin_entry = 1; void helper(void) {}")
            result = subprocess.run(
                [sys.executable, "-B", HERE + "/exports.py", root, root + "/build"],
                capture_output=True, check=False, text=True)
            self.assertIn("bad.so:0: exports helper, junmai_plugin_entry", result.stdout)
            self.assertIn(", 1 findings", result.stdout)

    def test_format(self):
        shape = "BasedOnStyle: LLVM\n"
        self.accepts("format", {".clang-format": shape, "a.c": "int x;\n"})
        self.refuses("format", {".clang-format": shape, "a.c": "int  x ;\nint  y;\n"}, "a.c:1")


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
