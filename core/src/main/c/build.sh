#!/bin/sh
# Builds the launcher for this machine's architecture: build.sh OUTPUT-DIRECTORY
set -eu

here=$(cd "$(dirname "$0")" && pwd)
arch=$(uname -m)
out=$1/linux-$arch

compiler=${CC:-}
for candidate in gcc clang cc; do
	[ -n "$compiler" ] && break
	if command -v "$candidate" >/dev/null 2>&1; then compiler=$candidate; fi
done
if [ -z "$compiler" ]; then
	echo "No C compiler found: install gcc (Debian: apt-get install gcc linux-libc-dev) or clang, or set CC." >&2
	exit 1
fi
if [ "$arch" != x86_64 ]; then
	echo "The launcher is written for x86-64 so far; this machine is $arch." >&2
	exit 1
fi

mkdir -p "$out"
# Not -no-pie: clang takes it for unused beside -static.
$compiler -std=c11 -Os -Wall -Wextra -Werror -ffreestanding -nostdlib -static -fno-pie -fno-stack-protector \
	-fno-asynchronous-unwind-tables -fno-ident -ffile-prefix-map="$here"=. -s -Wl,--build-id=none -Wl,-z,noexecstack \
	-o "$out/corral-launcher" "$here"/*.c
