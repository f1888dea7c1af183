# Sourced: finds Debian's libfaketime for tests under another date, or installs it where it may.
find_faketime() {
  for file in /usr/lib/*/faketime/libfaketimeMT.so.1 /usr/lib/faketime/libfaketimeMT.so.1; do
    if [ -f "$file" ]; then
      echo "$file"
      return
    fi
  done
}
FAKETIME_LIBRARY="${FAKETIME_LIBRARY:-$(find_faketime)}"
if [ -z "$FAKETIME_LIBRARY" ] && [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
  echo "Installing Debian's libfaketime for tests under another date …" >&2
  { apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends libfaketime; } >/dev/null 2>&1 || true
  FAKETIME_LIBRARY="$(find_faketime)"
fi
export FAKETIME_LIBRARY
