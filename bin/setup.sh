# Sourced by the other scripts: goes to the project, puts its own Node 24 in front and installs what is missing.
# Works with any Node from 20 on, from any folder, from a path with spaces.
set -eu
cd "$(dirname "$0")/.."
PATH="$PWD/node_modules/.bin:$PATH"
export PATH

install_packages() {
  stamp=node_modules/.canvass-lock
  if [ ! -x node_modules/.bin/node ] || ! cmp -s package-lock.json "$stamp"; then
    command -v npm >/dev/null 2>&1 || { echo "npm is missing. Install Node.js 20 or newer first." >&2; exit 1; }
    echo "Installing packages (once; about a minute) …" >&2
    npm ci --no-audit --no-fund --loglevel=error >&2
    cp package-lock.json "$stamp"
    hash -r 2>/dev/null || true
  fi
}

# Whether what was compiled is as new as the source: a command must not migrate by an old version.
is_built() {
  [ -f dist/src/command.js ] && [ -z "$(find src migrations -name '*.ts' -newer dist/src/command.js 2>/dev/null | head -n 1)" ]
}

# Compiles the product, and the folders that are named on top of it.
build() {
  rm -rf dist.next
  node bin/build.mjs dist.next src migrations "$@"
  rm -rf dist
  mv dist.next dist
}

# Node gives garbage that dies young three times this much by itself, and the process takes a third more memory for it.
MEMORY=--max-semi-space-size=8

# Runs a program of the product. What the environment says comes before the file .env.
run() {
  if [ -f .env ]; then
    exec node --env-file=.env --enable-source-maps "$MEMORY" "$@"
  fi
  exec node --enable-source-maps "$MEMORY" "$@"
}
