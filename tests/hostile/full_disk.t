# A disk that is full in the middle: said as such, nothing half-written, and all is well once there is room.

$ uk init hello --template minimal && cd hello && mkdir home
hello/main.cpp
hello/uk.yaml
next: cd hello && uk build && uk run
$ cat > in_small_home <<'END'
> mount -t tmpfs -o size=3m home "$PWD/home" || exit 99
> cp -r "$UK_HOME/sources" home 2>/dev/null
> export UK_HOME=$PWD/home
> uk build --target hosted >/dev/null 2>error; echo "status $?"
> grep -cE '^error: .*(full|No space left)' error; grep '^hint' error
> ls home/tmp | wc -l
> ls -d dist 2>&1
> END
$ unshare -rm bash in_small_home
status 7
1
hint: make room on this disk, or set `UK_HOME` to a folder on another one
0
ls: cannot access 'dist': No such file or directory
[2]
$ ls
error
home
in_small_home
main.cpp
uk.yaml
