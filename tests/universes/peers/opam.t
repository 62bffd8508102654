# opam's formulas, conflict classes and flags, and 0install's restrictions and architectures, as their manuals describe them.
# A disjunction takes what is there already before what is written first.
$ cat > formula.txt << 'END'
> component tls 1.0.0
>   requires mirage-crypto ^1 | nocrypto ^1
> component cohttp 1.0.0
>   requires tls *
>   requires nocrypto ^1
> component mirage-crypto 1.0.0
> component nocrypto 1.0.0
> target t
> request t
>   requires tls *
> request t
>   requires cohttp *
> request t
>   requires nocrypto *
>   requires tls *
> END
$ uk solve formula.txt
request t  # line 9
  locked tls: mirage-crypto | nocrypto = mirage-crypto
  locked mirage-crypto 1.0.0
  locked tls 1.0.0
request t  # line 11
  locked tls: mirage-crypto | nocrypto = nocrypto
  locked cohttp 1.0.0
  locked nocrypto 1.0.0
  locked tls 1.0.0
request t  # line 13
  locked tls: mirage-crypto | nocrypto = nocrypto
  locked nocrypto 1.0.0
  locked tls 1.0.0
# A conflict counts in both directions, and only for the versions that are named.
$ cat > conflicts.txt << 'END'
> component a 1.0.0
>   conflicts b <2
> component b 1.0.0
> component b 2.0.0
> target t
> request t
>   requires b *
>   requires a *
> request t
>   requires b ^1
>   requires a *
> END
$ uk solve conflicts.txt
request t  # line 6
  locked a 1.0.0
  locked b 2.0.0
request t  # line 9
  # no solution: `a` and `b <2` conflict
  #   10: because `t` requires `b ^1`
  #   11: and `t` requires `a`
  #    2: and `a 1.0.0` conflicts with `b <2`
  # hint: let `b ^1` at conflicts.txt:10 accept 2.0.0; or leave out the requirement of `a` at conflicts.txt:11
[1]
# A conflict class: of its members one is installed. They are chosen by whoever asks for one by name.
$ cat > class.txt << 'END'
> signature class.ocaml-variant 1.0 scope image
> component ocaml-base 4.14.0
>   provides class.ocaml-variant 1.0
> component ocaml-flambda 4.14.0
>   provides class.ocaml-variant 1.0
> component ocaml 4.14.0
>   requires ocaml-base =4.14.0 | ocaml-flambda =4.14.0
> target t
> request t
>   requires ocaml *
> request t
>   requires ocaml *
>   requires ocaml-flambda *
> request t
>   requires ocaml-base *
>   requires ocaml-flambda *
> END
$ uk solve class.txt
request t  # line 9
  locked ocaml: ocaml-base | ocaml-flambda = ocaml-base
  locked ocaml 4.14.0
  locked ocaml-base 4.14.0
request t  # line 11
  locked ocaml: ocaml-base | ocaml-flambda = ocaml-flambda
  locked ocaml 4.14.0
  locked ocaml-flambda 4.14.0
request t  # line 14
  # no solution: an image has `class.ocaml-variant` once, and `ocaml-base` and `ocaml-flambda` would both provide it
  #   15: because `t` requires `ocaml-base`
  #    3: and `ocaml-base 4.14.0` provides `class.ocaml-variant 1.0`
  #    5: and `ocaml-flambda 4.14.0` provides `class.ocaml-variant 1.0`
  #   16: and `t` requires `ocaml-flambda`
  # hint: leave out the requirement of `ocaml-base` at class.txt:15; or leave out the requirement of `ocaml-flambda` at class.txt:16
[1]
# An optional dependency brings nothing in; but where it is there, its versions can be restricted: a conflict with the others.
$ cat > depopts.txt << 'END'
> component lwt 5.0.0
>   conflicts libev <4
> component libev 3.0.0
> component libev 4.0.0
> target t
> request t
>   requires lwt *
> request t
>   requires lwt *
>   requires libev *
> request t
>   requires lwt *
>   requires libev <4
> END
$ uk solve depopts.txt
request t  # line 6
  locked lwt 5.0.0
request t  # line 8
  locked libev 4.0.0
  locked lwt 5.0.0
request t  # line 11
  # no solution: `lwt` and `libev <4` conflict
  #   12: because `t` requires `lwt`
  #    2: and `lwt 5.0.0` conflicts with `libev <4`
  #   13: and `t` requires `libev <4`
  # hint: let `libev <4` at depopts.txt:13 accept 4.0.0; or leave out the requirement of `lwt` at depopts.txt:12
[1]
# `available:` and 0install's `arch`: a version that isn't for this target is none. `available: false` is none for any.
$ cat > available.txt << 'END'
> component a 1.0.0
> component a 2.0.0
>   when target.arch != x86_64: absent
> component a 3.0.0
>   absent
> target arm arch=aarch64
> target pc
> request pc
>   requires a *
> request arm
>   requires a *
> request arm
>   requires a ^2
> END
$ uk solve available.txt
request pc  # line 8
  locked a 2.0.0
request arm  # line 10
  locked a 1.0.0
request arm  # line 12
  # no solution: what `arm` asks for can't all be had on target `arm`
  #   13: because `arm` requires `a ^2`
  #    3: and `a 2.0.0`, the only version that `arm` accepts, can't be used when `target.arch != x86_64`
  # hint: let `a ^2` at available.txt:13 accept 1.0.0
[1]
# 0install's `restricts`: whoever is there limits the versions of another, without bringing it in.
$ cat > restricts.txt << 'END'
> component app 1.0.0
>   requires gui *
>   requires python *
> component gui 1.0.0
>   conflicts python >=3
> component python 2.7.0
> component python 3.1.0
> target t
> request t
>   requires app *
> request t
>   requires gui *
> END
$ uk solve restricts.txt
request t  # line 9
  locked app 1.0.0
  locked gui 1.0.0
  locked python 2.7.0
request t  # line 11
  locked gui 1.0.0
# A circle of dependencies is installed as a whole.
$ cat > circle.txt << 'END'
> component a 1.0.0
>   requires b ^1
> component b 1.0.0
>   requires a ^1
> component b 1.1.0
>   requires a ^2
> target t
> request t
>   requires a *
> END
$ uk solve circle.txt
request t  # line 8
  locked a 1.0.0
  locked b 1.0.0
