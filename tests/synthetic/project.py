"""Projects for `uk build` whose compiler does almost nothing (compiler.c), so that what is seen is the engine.

A project has a target without any library, and a toolchain of its own, in its folder recipes/.
"""
import os
import shutil
import subprocess
from pathlib import Path

HERE = Path(__file__).resolve().parent
TOOLCHAIN = """name: synthetic
version: 1.0.0
kind: toolchain
summary: A compiler that does almost nothing
license: Apache-2.0
origin: [{folder: tools}]
compiler:
  arch: x86_64
  loader: bin/cc
  libraries: [lib]
  programs: bin
  c: bin/cc
  c++: bin/c++
  c-headers: include
  c++-headers: [include]
  archives: lib
"""
TOOLS = "recipes/synthetic/1.0.0/tools"
TARGET = """name: bare
version: 1.0.0
kind: target
summary: Nothing but the application
license: Apache-2.0
family: hosted
arch: x86_64
package: [elf]
run: {process: true}
"""
MANIFEST = """name: made
version: 1.0.0
sources: [src/**.c]
toolchain: synthetic ^1
targets:
  hosted: {target: bare}
"""


def compiler(to):
    """The program, as one file."""
    subprocess.run(["cc", "-O2", "-static", "-s", "-o", to, HERE / "compiler.c"], check=True)


def write(file, text):
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text)


def source(i, headers, mark=0):
    """Text of a C file with ten includes of `headers` there are."""
    names = "".join(f'#include "h{(i * 7 + k * 13) % headers}.h"\n' for k in range(10)) if headers else ""
    return f"{names}int f{i}(int x) {{ return x + {mark}; }}\n"


def folder_of(i, files):
    return f"src/d{i % max(1, files // 100)}"


def make(folder, files, headers):
    """A project of so many C files, in folders of about a hundred, and headers in src/."""
    write(folder / "uk.yaml", MANIFEST)
    for i in range(headers):
        write(folder / f"src/h{i}.h", f"#define H{i} {i}\n")
    for i in range(files):
        write(folder / folder_of(i, files) / f"f{i}.c", source(i, headers))
    write(folder / "recipes/bare/1.0.0/recipe.yaml", TARGET)
    write(folder / "recipes/synthetic/1.0.0/recipe.yaml", TOOLCHAIN)
    tools = folder / TOOLS
    write(tools / "include/stddef.h", "")
    write(tools / "lib/libgcc.a", "")
    (tools / "bin").mkdir()
    for name in ("cc", "c++", "ar", "as", "ld", "objcopy", "strip"):
        if name == "cc":
            compiler(tools / "bin/cc")
        else:
            shutil.copy(tools / "bin/cc", tools / "bin" / name)


def ninja(folder, files):
    """build.ninja for the same files with the same compiler, beside uk.yaml: depfiles into ninja's own log, and one link."""
    cc = folder / TOOLS / "bin/cc"
    lines = [f"rule cc\n  command = {cc} -MD -MF $out.d -Isrc -c $in -o $out\n  depfile = $out.d\n  deps = gcc\n"
             f"rule link\n  command = {cc} -o $out @$out.rsp\n  rspfile = $out.rsp\n  rspfile_content = $in\n"]
    objects = []
    for i in range(files):
        path = f"{folder_of(i, files)}/f{i}.c"
        objects.append(f"obj/{path}.o")
        lines.append(f"build {objects[-1]}: cc {path}\n")
    lines.append(f"build image: link {' '.join(objects)}\ndefault image\n")
    write(folder / "build.ninja", "".join(lines))


def environment(home, **more):
    """Of a command that works with the store `home`."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("UK_")}
    return {**kept, "UK_HOME": str(home), "NO_COLOR": "1", **more}
