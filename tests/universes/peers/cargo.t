# What Cargo's reference says of requirements, pre-releases, yanked versions and features, and where one version an image makes another answer.
# The table of caret requirements, each at both ends, with the versions around them.
$ cat > caret.txt << 'END'
> component a 1.2.2
> component a 1.2.3
> component a 1.9.0
> component a 2.0.0
> component b 0.2.2
> component b 0.2.3
> component b 0.2.9
> component b 0.3.0
> component c 0.0.2
> component c 0.0.3
> component c 0.0.4
> component c 0.1.0
> target t
> request t
>   requires a ^1.2.3
>   requires b ^0.2.3
>   requires c ^0.0.3
> request t
>   requires a ^1.2.3
>   requires b ^0.2.3
>   requires c ^0.0
>   minimal-versions
> request t
>   requires b ^0.0
> request t
>   requires c ^0
> END
$ uk solve caret.txt
request t  # line 14
  locked a 1.9.0
  locked b 0.2.9
  locked c 0.0.3
request t  # line 18
  locked a 1.2.3
  locked b 0.2.3
  locked c 0.0.2
request t  # line 23
  # no solution: there is no `b ^0.0`
  #   24: because `t` requires `b ^0.0`, and there are only 0.2.2 to 0.3.0
  # hint: let `b ^0.0` at caret.txt:24 accept 0.3.0
request t  # line 25
  locked c 0.1.0
[1]
# Tilde: patches where a minor is written, minors where only a major is.
$ cat > tilde.txt << 'END'
> component a 1.2.2
> component a 1.2.3
> component a 1.2.9
> component a 1.3.0
> component a 2.0.0
> target t
> request t
>   requires a ~1.2.3
> request t
>   requires a ~1.2
> request t
>   requires a ~1
> request t
>   requires a 1.2.*
> request t
>   requires a 1.*
> request t
>   requires a >=1.2, <1.3
> request t
>   requires a =1.2.2
> request t
>   requires a 1.2.3
> END
$ uk solve tilde.txt
request t  # line 7
  locked a 1.2.9
request t  # line 9
  locked a 1.2.9
request t  # line 11
  locked a 1.3.0
request t  # line 13
  locked a 1.2.9
request t  # line 15
  locked a 1.3.0
request t  # line 17
  locked a 1.2.9
request t  # line 19
  locked a 1.2.2
request t  # line 21
  locked a 1.3.0
# A pre-release is only taken where one is named, then later ones and the release too; not those of another version.
$ cat > pre.txt << 'END'
> component a 1.0.0-alpha
> component a 1.0.0-beta.2
> component a 1.0.0-beta.11
> component a 1.1.0-alpha
> component b 1.0.0-alpha
> component b 1.0.0
> target t
> request t
>   requires a ^1.0.0-alpha
> request t
>   requires b ^1.0.0-alpha
> request t
>   requires a >=0.9
> request t
>   requires a ^1.0.0-alpha
>   forbid a =1.0.0-beta.11
> END
$ uk solve pre.txt
request t  # line 8
  locked a 1.0.0-beta.11
request t  # line 10
  locked b 1.0.0
request t  # line 12
  # no solution: there is no `a >=0.9`
  #   13: because `t` requires `a >=0.9`, and there are only 1.0.0-alpha to 1.1.0-alpha
  # hint: leave out the requirement of `a` at pre.txt:13
request t  # line 14
  locked a 1.0.0-beta.2
[1]
# A yanked version is there for a lock that names it and for nobody else.
$ cat > yanked.txt << 'END'
> component a 1.0.0
> component a 1.1.0 yanked
> target t
> request t
>   requires a ^1
> request t
>   requires a ^1
>   locked a 1.1.0
> request t
>   requires a ^1.1
> END
$ uk solve yanked.txt
request t  # line 4
  locked a 1.0.0
request t  # line 6
  locked a 1.1.0
request t  # line 9
  # no solution: `a ^1.1` is yanked
  #   10: because `t` requires `a ^1.1`
  #    2: and `a 1.1.0`, the only version that `t` accepts, is yanked: only a lock that has it keeps it
  # hint: let `a ^1.1` at yanked.txt:10 accept 1.0.0
[1]
# The lock holds though something newer appeared; an update of one moves that one, and of others only what must follow.
$ cat > lock.txt << 'END'
> component rand 0.8.4
>   requires core ^1.0
> component rand 0.8.5
>   requires core ^1.1
> component core 1.0.0
> component core 1.1.0
> component core 1.2.0
> component log 0.4.1
> component log 0.4.2
> target t
> request t
>   requires rand ^0.8
>   requires log ^0.4
>   locked core 1.0.0
>   locked log 0.4.1
>   locked rand 0.8.4
> request t
>   requires rand ^0.8
>   requires log ^0.4
>   locked core 1.0.0
>   locked log 0.4.1
>   locked rand 0.8.4
>   update rand
> END
$ uk solve lock.txt
request t  # line 11
  locked core 1.0.0
  locked log 0.4.1
  locked rand 0.8.4
request t  # line 17
  locked core 1.2.0
  locked log 0.4.1
  locked rand 0.8.5
# Features of one package are put together: what any asks for is on. As two values for one option they would contradict.
$ cat > features.txt << 'END'
> component big 1.0.0
>   option std: bool = false
>   option serde: bool = false
>   when option.serde == true: requires serde ^1
> component serde 1.0.0
> component x 1.0.0
>   requires big ^1 {std = true}
> component y 1.0.0
>   requires big ^1 {serde = true}
> component z 1.0.0
>   requires big ^1 {std = false}
> target t
> request t
>   requires x *
>   requires y *
> request t
>   requires x *
>   requires z *
> END
$ uk solve features.txt
request t  # line 13
  locked big 1.0.0  # serde = true, std = true
  locked serde 1.0.0
  locked x 1.0.0
  locked y 1.0.0
request t  # line 16
  # no solution: `big.std` can't be both true and false
  #   17: because `t` requires `x`
  #    7: and `x 1.0.0` requires `big ^1` with `std = true`
  #   18: and `t` requires `z`
  #   11: and `z 1.0.0` requires `big ^1` with `std = false`
  # hint: leave out the requirement of `x` at features.txt:17; or leave out the requirement of `z` at features.txt:18
[1]
# Cargo has two incompatible versions of a crate in one program; an image has one of each.
$ cat > one.txt << 'END'
> component a 1.0.0
>   requires log ^0.3
> component b 1.0.0
>   requires log ^0.4
> component log 0.3.0
> component log 0.4.0
> target t
> request t
>   requires a *
>   requires b *
> END
$ uk solve one.txt
request t  # line 8
  # no solution: no version of `log` suits all that require it
  #    9: because `t` requires `a`
  #    2: and `a 1.0.0` requires `log ^0.3`
  #   10: and `t` requires `b`
  #    4: and `b 1.0.0` requires `log ^0.4`
  # hint: leave out the requirement of `a` at one.txt:9; or leave out the requirement of `b` at one.txt:10
[1]
# `links`: of the packages that link one native library there is one in a program. Here: who provides a signature of scope image.
$ cat > links.txt << 'END'
> signature links.git2 1.0 scope image
> component git2-sys 0.1.0
>   provides links.git2 1.0
> component git2-sys-ng 0.1.0
>   provides links.git2 1.0
> component a 1.0.0
>   requires git2-sys *
> component b 1.0.0
>   requires git2-sys-ng *
> target t
> request t
>   requires a *
>   requires b *
> END
$ uk solve links.txt
request t  # line 11
  # no solution: an image has `links.git2` once, and `git2-sys` and `git2-sys-ng` would both provide it
  #   12: because `t` requires `a`
  #    7: and `a 1.0.0` requires `git2-sys`
  #    3: and `git2-sys 0.1.0` provides `links.git2 1.0`
  #    5: and `git2-sys-ng 0.1.0` provides `links.git2 1.0`
  #   13: and `t` requires `b`
  #    9: and `b 1.0.0` requires `git2-sys-ng`
  # hint: leave out the requirement of `a` at links.txt:12; or leave out the requirement of `b` at links.txt:13
[1]
