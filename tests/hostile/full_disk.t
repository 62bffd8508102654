# A disk that is full in the middle: said as such, nothing half-written, and all is well once there is room.

$ uk init hello --template minimal && cd hello && mkdir home
$ cat > in_small_home <<'END'
> mount -t tmpfs -o size=3m home "$PWD/home" || exit 99
> cp -r "$UK_HOME/sources" home 2>/dev/null
> export UK_HOME=$PWD/home
> uk build --target hosted >/dev/null 2>error; echo "status $?"
> grep -E '^(error|hint)' error | sed "s/[a-z0-9]*[0-9a-f]\{20,\}[a-z0-9.]*/<FILE>/g"
> ls home/tmp | wc -l
> ls -d dist 2>&1
> END
$ unshare -rm bash in_small_home
$ ls
