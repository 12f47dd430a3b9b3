# shellcheck shell=bash
# The Debian packages that building and testing need, and how to get those that are missing. Sourced by cli/quickstart
# and tests/run; it asks nothing and says nothing, that is for its callers.

# What the program is built from and what the practice tokens run on.
packages_build() {
  echo g++ cmake ninja-build pkg-config libcli11-dev libfmt-dev libtomlplusplus-dev nlohmann-json3-dev \
    libp11-kit-dev libp11-dev libssl-dev libmicrohttpd-dev libarchive-dev libsoci-dev \
    softhsm2
}

# The test frame alone.
packages_quick() { echo doctest-dev; }

# Other makers' software to be tested against, and what holds the house together.
packages_test() {
  packages_quick
  echo bats curl jq expect faketime strace opensc gnutls-bin p11-kit p11-kit-modules openssl \
    libengine-pkcs11-openssl opencryptoki postgresql sqlite3 pcscd vsmartcard-vpcd iproute2 xxd procps \
    mandoc clang-format clang-tidy shellcheck codespell universal-ctags
}

# Prints those of the given packages that are not installed; none on a system without dpkg, which has to know itself.
packages_missing() {
  local name
  command -v dpkg-query >/dev/null || return 0
  for name; do
    [ "$(dpkg-query -W -f '${db:Status-Status}' "$name" 2>/dev/null)" = installed ] || echo "$name"
  done
}

# True when this user may install packages without being asked anything.
packages_allowed() {
  command -v apt-get >/dev/null && { [ "$(id -u)" -eq 0 ] || sudo -n true 2>/dev/null; }
}

# Installs the given packages; what apt-get says goes to stdout.
packages_install() {
  local root=(env)
  [ "$(id -u)" -eq 0 ] || root=(sudo -n env)
  local apt=("${root[@]}" DEBIAN_FRONTEND=noninteractive apt-get -q -y -o DPkg::Lock::Timeout=300 -o Dpkg::Use-Pty=0)
  "${apt[@]}" update </dev/null 2>&1 || true # the lists may be there although the mirror's index is not
  "${apt[@]}" install --no-install-recommends "$@" </dev/null 2>&1
}
