"""junmai codegen with documents that a host would not write.

usage: codegen_test.py JUNMAI
"""
import json
import os
import subprocess
import sys
import tempfile
import unittest

JUNMAI = sys.argv.pop(1)


def document(**types):
    """An AsyncAPI document: each type with its properties, on one channel."""
    return {
        "channels": {"kitchen": {"messages": {name: {} for name in types}},
                     "_private": {"messages": {"secret": {}}}},
        "components": {"messages": {
            name: {"summary": "Ends */ here\nand \"there\"", "payload": {
                "properties": {"type": {"const": name}, **fields}, "required": ["type", "n"]}}
            for name, fields in types.items()}}}


class Codegen(unittest.TestCase):
    def run_with(self, language, content):
        with tempfile.TemporaryDirectory(prefix="junmai-test-") as folder:
            path = os.path.join(folder, "asyncapi.json")
            with open(path, "w", encoding="utf-8") as file:
                file.write(content if isinstance(content, str) else json.dumps(content))
            return subprocess.run([JUNMAI, "codegen", language, "--from", path],
                                  capture_output=True, check=False, text=True)

    def expect_complaint(self, language, content, words, status=1):
        result = self.run_with(language, content)
        self.assertEqual(result.returncode, status, result.stderr)
        self.assertIn(words, result.stderr)
        self.assertEqual(result.stdout, "")

    def test_typescript(self):
        fields = {"n": {"type": ["integer", "number", "null"]}, "a\"-b": {"type": "array"},
                  "any": {}}
        text = self.run_with("ts", document(**{"soup.is_on": fields})).stdout
        self.assertIn("export interface SoupIsOn extends Envelope", text)
        self.assertIn("  n: number | null;\n", text)
        self.assertIn("  \"a\\\"-b\"?: unknown[];\n", text)
        self.assertIn("  any?: unknown;\n", text)
        self.assertIn("/** Ends  / here and \"there\" */\n", text)
        self.assertNotIn("_private", text)

    def test_python(self):
        fields = {"n": {"type": ["integer", "null"]}, "class": {"type": "object"}}
        text = self.run_with("python", document(soup=fields)).stdout
        names = {}
        exec(compile(text, "events.py", "exec"), names)
        self.assertEqual(names["Soup"].__required_keys__, {"type", "timestamp", "seq", "n"})
        self.assertEqual(names["Soup"].__optional_keys__, {"channel", "class"})

    def test_complaints(self):
        self.expect_complaint("cobol", "{}", "there is no language 'cobol'", 2)
        self.expect_complaint("ts", "{", "cannot be read")
        self.expect_complaint("ts", "{}", "declares no event")
        self.expect_complaint("ts", {"channels": {"a": {"messages": {"x": {}}}}}, "event type 'x'")
        self.expect_complaint("ts", document(**{"---": {}}), "event type '---'")
        self.expect_complaint("ts", document(**{"a_b": {}, "a.b": {}}), "both be called AB")


if __name__ == "__main__":
    unittest.main()
