#!/usr/bin/env bash
# What comes from the distribution: Chromium for the browser tests, PostgreSQL for teams.
# As root the missing ones are installed; as anybody else the exact line is printed, and the exit status says so.
set -u
missing=()
have_postgres() { command -v pg_ctl >/dev/null 2>&1 || compgen -G '/usr/lib/postgresql/*/bin/pg_ctl' >/dev/null; }
[ -n "${BUFFYCOAT_CHROMIUM:-}" ] || command -v chromium >/dev/null 2>&1 || missing+=(chromium)
have_postgres || missing+=(postgresql)
[ ${#missing[@]} -eq 0 ] && exit 0
line="apt-get install -y --no-install-recommends ${missing[*]}"
if [ "$(id -u)" -eq 0 ] && command -v apt-get >/dev/null 2>&1; then
  echo "installing from the distribution: ${missing[*]}"
  # Ubuntu's chromium package is a stub for snap; name the way out there.
  apt-get update -qq && DEBIAN_FRONTEND=noninteractive $line -qq >/dev/null && exit 0
fi
echo "missing from this machine: ${missing[*]}" >&2
echo "  sudo apt-get update && sudo $line" >&2
echo "  (another Chromium will do: BUFFYCOAT_CHROMIUM=/path/to/chromium)" >&2
exit 1
