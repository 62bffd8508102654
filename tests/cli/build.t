# uk build: images in dist/<variant>/; what is known is not built again.
#: SIZE = (?<=  )[0-9.]+(B|[KM]iB)$
#: BYTES = "size": [0-9]+
#: COUNT = (?<=: )[0-9]+

$ uk init hello --template minimal
hello/main.cpp
hello/uk.yaml
next: cd hello && uk build && uk run
$ cd hello
$ uk build 2>/dev/null
dist/hosted/hello  18488B
dist/kvm/hello.elf  15736B
dist/xen/hello.elf  <SIZE>
$ find dist -type f | sort
dist/hosted/hello
dist/hosted/hello.debug
dist/hosted/provenance.intoto.json
dist/hosted/run.yaml
dist/hosted/sbom.spdx.json
dist/kvm/hello.debug
dist/kvm/hello.elf
dist/kvm/provenance.intoto.json
dist/kvm/run.yaml
dist/kvm/sbom.spdx.json
dist/xen/hello.debug
dist/xen/hello.elf
dist/xen/hello.xl
dist/xen/provenance.intoto.json
dist/xen/run.yaml
dist/xen/sbom.spdx.json
$ uk build --target kvm --locked --offline 2>/dev/null
dist/kvm/hello.elf  <SIZE>
$ uk build --target kvm
everything is up to date
dist/kvm/hello.elf  <SIZE>
$ uk --json build --target kvm
{
  "actions": <COUNT>,
  "cached": <COUNT>,
  "fetched": <COUNT>,
  "files": [
    {
      "path": "dist/kvm/hello.debug",
      <BYTES>
    },
    {
      "path": "dist/kvm/hello.elf",
      <BYTES>
    },
    {
      "path": "dist/kvm/provenance.intoto.json",
      <BYTES>
    },
    {
      "path": "dist/kvm/run.yaml",
      <BYTES>
    },
    {
      "path": "dist/kvm/sbom.spdx.json",
      <BYTES>
    }
  ],
  "lock_written": false,
  "ran": <COUNT>,
  "remote": <COUNT>,
  "unchanged": true
}
$ uk build --target kvn
error: uk.yaml has no variant `kvn`; did you mean `kvm`?

hint: there are hosted, kvm, xen
[2]

# A changed file: only what it must.
$ echo '// a remark' >> main.cpp && uk build --target kvm --json 2>/dev/null | grep -c '"unchanged": false'
1

# A new file that a pattern of the project's own folder matches, and one that is only a header there.
$ sed -i 's/main.cpp/"*.cpp"/' uk.yaml && uk build -t kvm >/dev/null 2>&1; uk build -t kvm >/dev/null 2>&1; uk build -t kvm 2>&1 | head -1
everything is up to date
$ echo 'static_assert(true);' > more.cpp; sleep 0.1; uk build -t kvm --json 2>/dev/null | grep -c '"unchanged": false'
1
$ uk plan kvm --action 'compile more.cpp' | sed -n 2p
  state    cached
$ touch dist/remark && uk build -t kvm 2>&1 | head -1; rm dist/remark
everything is up to date
$ touch more.hpp && uk build -t kvm --json 2>/dev/null | grep -c '"unchanged": false'
1
$ rm more.cpp more.hpp && uk build -t kvm --json 2>/dev/null | grep -c '"unchanged": false'
1
$ mkdir -p deep/er && echo 'static_assert(true);' > deep/er/more.cpp && sed -i 's/"\*.cpp"/"**.cpp"/' uk.yaml && uk build -t kvm >/dev/null 2>&1; uk build -t kvm >/dev/null 2>&1; uk build -t kvm 2>&1 | head -1
everything is up to date
$ echo 'static_assert(1 == 1);' >> deep/er/more.cpp && uk build -t kvm --json 2>/dev/null | grep -c '"unchanged": false'
1
$ rm -r deep && uk build -t kvm --json 2>/dev/null | grep -c '"unchanged": false'
1

# A variant that is gone is not built again; what an earlier build of it left stays.
$ sed -i '/^  xen:/d' uk.yaml && uk build 2>/dev/null && ls dist
dist/hosted/hello  18488B
dist/kvm/hello.elf  15736B
hosted
kvm
xen

# Warnings of the compiler are shown, once for variants that have the same file; and again when the result is known.
$ uk init warns --template minimal >/dev/null 2>&1 && cd warns && printf '  also: {target: hosted}\n' >> uk.yaml
$ sed -i 's/{ return console/{ int unused; return console/' main.cpp
$ uk build -t hosted -t also 2>&1 | grep unused
main.cpp:3:53: warning: unused variable 'unused' [-Wunused-variable]
    3 | uk::result<void> run(needs::console& console) { int unused; return console.write("hello\n"); }
$ touch other.hpp && uk build -t hosted 2>&1 | grep -c 'unused variable'
1
