# The worked examples of PubGrub's published description, with the answers that it gives.
# Nothing is in the way: the newest that is asked for.
$ cat > simple.txt << 'END'
> component foo 1.0.0
>   requires bar ^1.0.0
> component bar 1.0.0
> component bar 2.0.0
> target t
> request t
>   requires foo ^1.0.0
> END
$ uk solve simple.txt
request t  # line 6
  locked bar 1.0.0
  locked foo 1.0.0
# The newest foo can't be with what the request itself wants of bar.
$ cat > avoided.txt << 'END'
> component foo 1.1.0
>   requires bar ^2.0.0
> component foo 1.0.0
> component bar 1.0.0
> component bar 1.1.0
> component bar 2.0.0
> target t
> request t
>   requires foo ^1.0.0
>   requires bar ^1.0.0
> END
$ uk solve avoided.txt
request t  # line 8
  locked bar 1.1.0
  locked foo 1.0.0
# foo 2 leads to a bar that wants foo 1; foo 1 needs no bar.
$ cat > learned.txt << 'END'
> component foo 2.0.0
>   requires bar ^1.0.0
> component foo 1.0.0
> component bar 1.0.0
>   requires foo ^1.0.0
> target t
> request t
>   requires foo >=1.0.0
> END
$ uk solve learned.txt
request t  # line 7
  locked foo 1.0.0
# Neither left nor right alone is in the way, but both together are.
$ cat > both.txt << 'END'
> component foo 1.1.0
>   requires left ^1.0.0
>   requires right ^1.0.0
> component foo 1.0.0
> component left 1.0.0
>   requires shared >=1.0.0
> component right 1.0.0
>   requires shared <2.0.0
> component shared 2.0.0
> component shared 1.0.0
>   requires aim ^1.0.0
> component aim 2.0.0
> component aim 1.0.0
> target t
> request t
>   requires foo ^1.0.0
>   requires aim ^2.0.0
> END
$ uk solve both.txt
request t  # line 15
  locked aim 2.0.0
  locked foo 1.0.0
# A chain that ends in a contradiction: its three links and the request's other end.
$ cat > chain.txt << 'END'
> component foo 1.0.0
>   requires bar ^2.0.0
> component bar 2.0.0
>   requires baz ^3.0.0
> component baz 1.0.0
> component baz 3.0.0
> target t
> request t
>   requires foo ^1.0.0
>   requires baz ^1.0.0
> END
$ uk solve chain.txt
request t  # line 8
  # no solution: no version of `baz` suits all that require it
  #    9: because `t` requires `foo ^1.0.0`
  #    2: and `foo 1.0.0` requires `bar ^2.0.0`
  #    4: and `bar 2.0.0` requires `baz ^3.0.0`
  #   10: and `t` requires `baz ^1.0.0`
  # hint: let `baz ^1.0.0` at chain.txt:10 accept 3.0.0; or leave out the requirement of `foo` at chain.txt:9
[1]
# Each version of foo fails for a reason of its own.
$ cat > branches.txt << 'END'
> component foo 1.0.0
>   requires a ^1.0.0
>   requires b ^1.0.0
> component foo 1.1.0
>   requires x ^1.0.0
>   requires y ^1.0.0
> component a 1.0.0
>   requires b ^2.0.0
> component b 1.0.0
> component b 2.0.0
> component x 1.0.0
>   requires y ^2.0.0
> component y 1.0.0
> component y 2.0.0
> target t
> request t
>   requires foo ^1.0.0
> END
$ uk solve branches.txt
request t  # line 16
  # no solution: no version of `b` suits all that require it
  #   17: because `t` requires `foo ^1.0.0`
  #    5: and `foo 1.1.0` requires `x ^1.0.0`
  #   12: and `x 1.0.0` requires `y ^2.0.0`
  #    6: and `foo 1.1.0` requires `y ^1.0.0`
  #    2: and `foo 1.0.0` requires `a ^1.0.0`
  #    8: and `a 1.0.0` requires `b ^2.0.0`
  #    3: and `foo 1.0.0` requires `b ^1.0.0`
  # hint: leave out the requirement of `foo` at branches.txt:17
[1]
