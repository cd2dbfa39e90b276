#!/bin/bash
# llama-cpp-python.sh FOLDER: installs llama-cpp-python's server into FOLDER/venv and prints its python; what is there stays.
# It has no wheel for every platform: then it is compiled, about 15 minutes of one core. Needs python3 with venv, cmake, a C++ compiler.
set -eu
version=0.3.36
folder=$(mkdir -p "${1:?say a folder}" && cd "$1" && pwd)
python=$folder/venv/bin/python
"$python" -c 'import llama_cpp, uvicorn' 2>/dev/null && { echo "$python"; exit 0; }
python3 -m venv "$folder/venv"
export CMAKE_ARGS="-DGGML_NATIVE=OFF -DGGML_OPENMP=OFF -DLLAMA_BUILD_TESTS=OFF -DLLAMA_BUILD_EXAMPLES=OFF -DLLAMA_BUILD_TOOLS=OFF -DLLAMA_CURL=OFF"
# One compiler at a time: others want the machine too.
CMAKE_BUILD_PARALLEL_LEVEL=1 nice -n 19 "$folder/venv/bin/pip" install -q "llama-cpp-python[server]==$version" >&2
echo "$python"
