# uk build: images in dist/<variant>/; what is known is not built again.
#: SIZE = [0-9.]+ [KM]iB
#: BYTES = "size": [0-9]+
#: COUNT = (?<=: )[0-9]+

$ uk init hello --template minimal
$ cd hello
$ uk build 2>/dev/null
$ find dist -type f | sort
$ uk build --target kvm --locked --offline 2>/dev/null
$ uk build --target kvm
$ uk --json build --target kvm
$ uk build --target kvn

# A changed file: only what it must.
$ echo '// a remark' >> main.cpp && uk build --target kvm --json | grep -c '"unchanged": false'

# A variant that is gone takes its folder along.
$ sed -i '/^  xen:/d' uk.yaml && uk build 2>/dev/null && ls dist
