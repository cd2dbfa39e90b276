#!/bin/bash
# llama-server.sh FOLDER: builds llama.cpp's own server into FOLDER/llama-server and prints that path; what is there stays.
# The source is the one that llama-cpp-python's package holds. Needs python3 with pip, cmake, a C++ compiler; about 15 minutes of one core.
set -eu
version=0.3.36
folder=$(mkdir -p "${1:?say a folder}" && cd "$1" && pwd)
[ -x "$folder/llama-server" ] && { echo "$folder/llama-server"; exit 0; }
work=$folder/build-llama-$version
mkdir -p "$work" && cd "$work"
ls llama_cpp_python-*.tar.gz >/dev/null 2>&1 || python3 -m pip download -q --no-deps --no-binary :all: "llama-cpp-python==$version" >&2
[ -d source ] || { mkdir source.part && tar -xzf llama_cpp_python-*.tar.gz --strip-components=3 -C source.part --wildcards '*/vendor/llama.cpp/*' && mv source.part source; }
cmake -S source -B out -DCMAKE_BUILD_TYPE=Release -DBUILD_SHARED_LIBS=OFF -DGGML_NATIVE=OFF -DGGML_OPENMP=OFF -DLLAMA_CURL=OFF \
  -DLLAMA_OPENSSL=OFF -DLLAMA_BUILD_TESTS=OFF -DLLAMA_BUILD_EXAMPLES=OFF -DLLAMA_BUILD_UI=OFF -DLLAMA_USE_PREBUILT_UI=OFF >&2
nice -n 19 cmake --build out --target llama-server --parallel 1 >&2
cp out/bin/llama-server "$folder/llama-server"
echo "$folder/llama-server"
