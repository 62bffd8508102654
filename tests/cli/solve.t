# uk solve: a universe as text, its answers, and the lines that can't all hold.

$ cat > universe.txt << 'END'
> signature net.device 1.0 exclusive
> component lwip 2.1.3-r1
>   provides net.stack 1.2
>   needs device: net.device ^1
>   needs log: console ^1 optional
>   requires crypto-a ^1 | crypto-b >=2
>   requires checksum ^1 {simd = false}
>   option ipv6: bool = false
>   when option.ipv6 == true: requires ip6 ^1
> component lwip 2.2.0 yanked
>   provides net.stack 1.2
> component checksum 1.2.0
>   option simd: bool = true
> component crypto-b 2.5.0
> component ip6 1.0.0
> component virtio-net 1.0.0
>   provides net.device 1.0
> component our-stack 0.1.0
>   provides net.stack 1.1
>   needs device: net.device ^1
> target kvm
>   device nic0 = virtio-net
>   device nic1 = virtio-net
>   prefers net.device: nic0
> request kvm
>   needs lan: net.stack ^1
>   needs wan: net.stack ^1
>   use wan = our-stack
>   use our-stack/device = nic1
>   set lwip.ipv6 = true
> END
$ uk solve universe.txt
request kvm  # line 25
  locked lan = lwip
  locked lwip/device = nic0
  locked lwip/log = -
  locked our-stack/device = nic1
  locked wan = our-stack
  locked lwip: crypto-a | crypto-b = crypto-b
  locked checksum 1.2.0  # simd = false
  locked crypto-b 2.5.0
  locked ip6 1.0.0
  locked lwip 2.1.3-r1  # ipv6 = true
  locked our-stack 0.1.0
  locked virtio-net 1.0.0
  locked net.device 1.0.0
  locked net.stack 1.2.0
# What is printed can be put below the request, and keeps the answer.
$ uk solve universe.txt > once; sed 1d once >> universe.txt; uk solve universe.txt | diff once - && echo the same
the same
$ printf '%s\n' 'request kvm' '  requires http *' '  requires lwip ^2.1' '  requires checksum ^1 {simd = true}' '  forbid http >2' > more
$ printf '%s\n' 'component http 1.0.0' >> universe.txt; cat more >> universe.txt; uk solve universe.txt > all; echo "status $?"; sed 1,15d all
status 1
request kvm  # line 46
  # no solution: `checksum.simd` can't be both true and false
  #   48: because `kvm` requires `lwip ^2.1`
  #   10: and `lwip 2.2.0` is yanked: only a lock that has it keeps it
  #    7: and `lwip 2.1.3-r1` requires `checksum ^1` with `simd = false`
  #   49: and `kvm` requires `checksum ^1` with `simd = true`
  # hint: leave out the options of `checksum ^1` at universe.txt:49; or leave out the requirement of `lwip` at universe.txt:48
$ uk --json solve universe.txt | sed 1d
{"because":[{"line":7,"text":"requires checksum ^1 {simd = false}"},{"line":10,"text":"component lwip 2.2.0 yanked"},{"line":48,"text":"requires lwip ^2.1"},{"line":49,"text":"requires checksum ^1 {simd = true}"}],"solved":false,"target":"kvm","text":"`checksum.simd` can't be both true and false\nbecause `kvm` requires `lwip ^2.1`\nand `lwip 2.2.0` is yanked: only a lock that has it keeps it\nand `lwip 2.1.3-r1` requires `checksum ^1` with `simd = false`\nand `kvm` requires `checksum ^1` with `simd = true`"}
$ printf '%s\n' 'component a 1.0.0' '  requires b ^x' > wrong.txt; uk solve wrong.txt
error: wrong.txt:2: `^x` is not a version requirement

hint: requirements read `^1.2`, `~1.2.3`, `=1.2.3`, `>=1, <2` or `*`; one that begins with `>` or `*` or holds a comma is quoted
[2]
$ printf '%s\n' 'component a 1.0.0' '  wants b' > wrong.txt; uk solve wrong.txt
error: wrong.txt:2: `wants` is no fact that can stand here
[2]
# Only whether there is an answer, of each request; one request of several.
$ uk solve --verdicts universe.txt
request kvm  # line 25: yes
request kvm  # line 46: no
[1]
$ uk --json solve --verdicts universe.txt
{"line":25,"solved":true,"target":"kvm"}
{"line":46,"solved":false,"target":"kvm"}
[1]
$ uk solve --request 25 universe.txt | diff once - && echo the same
the same
$ uk solve --request 26 universe.txt
error: universe.txt:26: no request begins on this line
[2]
$ cat > many.txt << 'END'
> component a 1.0.0
>   conflicts b *
> component b 1.0.0
> component c 1.0.0
>   requires d *
> target t
> request t
>   requires a *
> request t
>   requires b *
> request t
>   requires c * | b *
> request t
>   requires c *
> END
$ uk solve --verdicts many.txt
request t  # line 7: yes
request t  # line 9: yes
request t  # line 11: yes
request t  # line 13: no
[1]
$ uk solve --request 13 many.txt
request t  # line 13
  # no solution: there is no component `d`
  #   14: because `t` requires `c`
  #    5: and `c 1.0.0` requires `d`, which is nowhere
  # hint: the name may be wrong, or the component belongs beside uk.yaml in recipes/NAME/VERSION/
[1]
$ uk --json solve --verdicts --request 7 many.txt
{"line":7,"solved":true,"target":"t"}
