#!/bin/sh
# Builds the launcher for this machine's architecture, and for the other one if its cross compiler is here:
# build.sh OUTPUT-DIRECTORY. CC and CROSS_CC name other compilers.
set -eu

here=$(cd "$(dirname "$0")" && pwd)
out=$1

first_of() {
	for candidate in "$@"; do
		if command -v "$candidate" >/dev/null 2>&1; then
			echo "$candidate"
			return
		fi
	done
}

# Not -no-pie: clang takes it for unused beside -static.
compile() { # COMPILER ARCHITECTURE
	mkdir -p "$out/linux-$2"
	$1 -std=c11 -Os -Wall -Wextra -Werror -ffreestanding -nostdlib -static -fno-pie -fno-stack-protector \
		-fno-asynchronous-unwind-tables -fno-ident -ffile-prefix-map="$here"=. -s -Wl,--build-id=none \
		-Wl,-z,noexecstack -Wl,-z,noseparate-code -o "$out/linux-$2/corral-launcher" "$here"/*.c
}

arch=$(uname -m)
compiler=${CC:-$(first_of gcc clang cc)}
if [ -z "$compiler" ]; then
	echo "No C compiler found: install gcc (Debian: apt-get install gcc linux-libc-dev) or clang, or set CC." >&2
	exit 1
fi
case $arch in
x86_64) other=aarch64 ;;
aarch64) other=x86_64 ;;
*)
	echo "The launcher is written for x86-64 and aarch64; this machine is $arch." >&2
	exit 1
	;;
esac

compile "$compiler" "$arch"
cross=${CROSS_CC:-$(first_of "$other-linux-gnu-gcc")}
if [ -n "$cross" ]; then
	compile "$cross" "$other"
fi
