#!/usr/bin/env bash
# Gradescope calls this once, as root, when it builds the image: what the project needs, and the project.
set -euo pipefail
apt-get update -q
apt-get install -qy --no-install-recommends gcc libc6-dev binutils make curl ca-certificates
curl -sSf https://sh.rustup.rs | sh -s -- -y --profile minimal
export PATH="$HOME/.cargo/bin:$PATH"
cd "${AUTOGRADER:-/autograder}/source/rawlabs"
make
make c labscope
