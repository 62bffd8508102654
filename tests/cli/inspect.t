# uk inspect: what an image is, from the image itself.
#: HASH = \b[0-9a-f]{64}\b
#: ADDRESS = \b0x[0-9a-f]+\b
#: BYTES = \b[0-9]+(?= in )
#: SIZE = (?<=size          )[0-9.]+(B|[KM]iB)

$ uk init hello --template hello | wc -l
next: cd hello && uk build && uk run
3
$ uk -C hello build --target kvm >/dev/null 2>&1
$ cp hello/dist/kvm/hello.elf elsewhere.elf && rm -r hello
$ uk inspect elsewhere.elf
name          hello 0.1.0
variant       kvm (target kvm, unikernel, profile speed)
memory        16MiB
format        ELF64 x86_64, static
size          <SIZE>
sha256        <HASH>
entry         <ADDRESS> (PVH <ADDRESS>)
segments      <ADDRESS>  r-x     <BYTES> in the file,    <BYTES> in memory
              <ADDRESS>  r--      <BYTES> in the file,     <BYTES> in memory
              <ADDRESS>  rw-         <BYTES> in the file,    <BYTES> in memory
              <ADDRESS>  rw-       <BYTES> in the file,     <BYTES> in memory
components    clock 0.1.0
              core 0.1.0
              csprng 0.1.0
              embedded-files 0.1.0
              heap 0.1.0
              kvm 0.1.0
              libstdcxx 12.2.0
              musl 1.2.3
              platform-kvm 0.1.0
              print 0.1.0
              uart-16550 0.1.0
instances     clock: clock
              csprng: csprng
              site: embedded-files
              uart0: uart-16550
parameters    --greeting: text = hello   The first word
              --status: int = 0   What the image ends with
lock          <HASH>
$ uk inspect elsewhere.elf --json | python3 -c 'import json, sys; print(sorted(json.load(sys.stdin)))'
['entry', 'format', 'image', 'pvh_entry', 'segments', 'sha256', 'size']

$ uk inspect /bin/true | tail -n 2

uk didn't make it: it has no note that says more
$ uk inspect missing.elf
error: ./missing.elf: there is no such file
[3]
$ echo no image > text && uk inspect text
error: ./text: is no ELF image

hint: images lie in dist/<variant>/
[3]
$ head -c 100 elsewhere.elf > short && uk inspect short
error: ./short: a header at <ADDRESS> lies outside of the file
[3]
