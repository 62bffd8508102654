#!/usr/bin/env python3
"""The JSON Schemas that editors use: every recipe and manifest here is valid by them, and bad ones aren't.

Independent of uk's own reader: PyYAML and jsonschema (Debian: python3-yaml, python3-jsonschema).
Usage: schema_test.py [REPOSITORY]
"""
import json
import re
import sys
from pathlib import Path

import jsonschema
import yaml


class Loader(yaml.SafeLoader):
    """YAML 1.2's core schema, as editors read it: `no` and `off` are text, `010` isn't octal."""


Loader.yaml_implicit_resolvers = {}
for tag, pattern, first in (
    ("bool", r"^(?:true|false)$", "tf"),
    ("int", r"^(?:-?(?:0|[1-9][0-9]*)|0x[0-9a-fA-F]+)$", "-0123456789"),
    ("float", r"^-?[0-9]+\.[0-9]+$", "-0123456789"),
    ("null", r"^(?:~|null|)$", ["~", "n", ""]),
):
    Loader.add_implicit_resolver(f"tag:yaml.org,2002:{tag}", re.compile(pattern), list(first))

failures = 0


def check(ok, text):
    global failures
    if not ok:
        failures += 1
        print(f"FAILED {text}")


def validator(root, name):
    schema = json.loads((root / f"docs/schema/{name}.schema.json").read_text())
    jsonschema.Draft202012Validator.check_schema(schema)
    return jsonschema.Draft202012Validator(schema)


def mistakes(schema, text):
    return [f"{'/'.join(map(str, e.absolute_path))}: {e.message}" for e in schema.iter_errors(yaml.load(text, Loader))]


def expected_of(file):
    """The answer of uk's own reader to one of tests/hostile, behind its last line of `=====`."""
    text = file.read_bytes().decode("utf-8", "replace")
    return text.rsplit("\n=====\n", 1) if "\n=====\n" in text else (text, "")


def main(root):
    recipe, manifest, registry, lock = (validator(root, n) for n in ("recipe", "manifest", "registry", "lock"))
    count = 0
    for pattern, schema in (
        ("recipes/*/*/recipe.yaml", recipe),
        ("recipes/*/*/files/uk.yaml", manifest),
        ("tests/**/uk.yaml", manifest),
        ("registry.yaml", registry),
    ):
        for file in sorted(root.glob(pattern)):
            if "hostile" in file.parts:
                continue
            count += 1
            for one in mistakes(schema, file.read_text()):
                check(False, f"{file.relative_to(root)}: {one}")
    for first, schema in (("# recipe.yaml", recipe), ("# uk.yaml", manifest), ("# registry.yaml", registry), ("# uk.lock", lock)):
        for block in re.findall(rf"^```yaml\n({first}\n.*?)^```", (root / "docs/reference/formats.md").read_text(), re.M | re.S):
            count += 1
            for one in mistakes(schema, block):
                check(False, f"docs/reference/formats.md: {block[:60]!r}: {one}")
    check(count > 20, f"only {count} files were found")

    # What the schema refuses, uk's reader refuses; the other way round only where a schema can say it.
    both = 0
    for reader, schema in (("recipe", recipe), ("manifest", manifest)):
        for file in sorted((root / "tests/hostile" / reader).glob("*.txt")):
            text, answer = expected_of(file)
            try:
                found = mistakes(schema, text)
            except yaml.YAMLError:
                continue
            if found:
                both += 1
                check(answer != "accepted\n", f"{file.relative_to(root)}: uk accepts what the schema refuses: {found[0]}")
    check(both > 80, f"the schemas refuse only {both} of the bad files")

    good = "name: a\nversion: 1.0.0\nkind: component\n"
    check(not mistakes(recipe, good), "a small recipe is valid")
    for bad in ("need: {a: b ^1}\n", "headers: include\n", "concept: {name: A, header: a.hpp}\n", "singleton: no\n", "summary:\n"):
        check(mistakes(recipe, good + bad), f"the schema accepts {bad!r}")
    check(mistakes(lock, "format: 2\nedition: 1\n"), "the schema accepts a lock of another format")
    check(mistakes(manifest, "name: a\n"), "the schema accepts a manifest without targets")
    print(f"{count + both - failures} passed, {failures} failed")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1] if len(sys.argv) > 1 else ".")))
