#!/bin/bash
# ollama.sh FOLDER: builds Ollama from its Go module into FOLDER/ollama, and prints that path; what is there already stays.
# A Go module leaves out folders called `vendor`, so three libraries that llama.cpp has there are taken from the source
# of llama-cpp-python, which has the same ones. Needs go, a C++ compiler, python3 with pip; about 20 minutes of one core.
set -eu
version=v0.17.4 headers=0.3.36
folder=$(mkdir -p "${1:?say a folder}" && cd "$1" && pwd)
[ -x "$folder/ollama" ] && { echo "$folder/ollama"; exit 0; }
work=$folder/build-$version
mkdir -p "$work" && cd "$work"
module=$(go mod download -json "github.com/ollama/ollama@$version" | sed -n 's/.*"Dir": "\(.*\)".*/\1/p')
[ -d source ] || { cp -r "$module" source.part && chmod -R u+w source.part && mv source.part source; }
ls llama_cpp_python-*.tar.gz >/dev/null 2>&1 ||
  python3 -m pip download -q --no-deps --no-binary :all: --no-build-isolation "llama-cpp-python==$headers" >&2 ||
  python3 -m pip download -q --no-deps --no-binary :all: "llama-cpp-python==$headers" >&2
vendor=source/llama/llama.cpp/vendor
mkdir -p "$vendor"
tar -xzf llama_cpp_python-*.tar.gz --strip-components=4 -C "$vendor" --wildcards \
  '*/vendor/llama.cpp/vendor/nlohmann/*' '*/vendor/llama.cpp/vendor/stb/*' '*/vendor/llama.cpp/vendor/miniaudio/*'
cd source
# One compiler at a time: others want the machine too.
CGO_ENABLED=1 CGO_CFLAGS=-O2 CGO_CXXFLAGS=-O2 nice -n 19 go build -p 1 -trimpath -ldflags "-X=github.com/ollama/ollama/version.Version=${version#v}" -o "$folder/ollama" . >&2
echo "$folder/ollama"
