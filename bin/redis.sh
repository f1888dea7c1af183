# Sourced: finds a Redis server for the tests of several workers, or installs Debian's where it may, without starting it.
REDIS_SERVER="${REDIS_SERVER:-$(command -v redis-server || true)}"
if [ -z "$REDIS_SERVER" ] && [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
  echo "Installing Debian's Redis for the tests of several workers …" >&2
  {
    apt-get update -qq
    DEBIAN_FRONTEND=noninteractive RUNLEVEL=1 apt-get install -y -qq --no-install-recommends redis-server
  } >/dev/null 2>&1 || true
  REDIS_SERVER="$(command -v redis-server || true)"
fi
export REDIS_SERVER
