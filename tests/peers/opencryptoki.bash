# shellcheck shell=bash disable=SC2154 # bats sets the others
# openCryptoki's software token, whose locking is none of ours, with a daemon and a store of its own: namespaces keep
# both away from the machine's, and claims of its tokens, all of one serial, from each other. Loaded by bats files; as a program it is the first process of those namespaces.

OCK_MODULE=/usr/lib/x86_64-linux-gnu/pkcs11/libopencryptoki.so
OCK_STORE=/var/lib/opencryptoki
OCK_SO_PIN=76543210 OCK_USER_PIN=24681357 OCK_LABEL=ladder

# Why there is no openCryptoki here; nothing when there may be.
ock_reason() {
  local name
  if [ "$(id -u)" -ne 0 ]; then echo "openCryptoki needs root" && return; fi
  for name in unshare nsenter pkcsslotd pkcs11-tool; do
    command -v "$name" >/dev/null || { echo "$name is not installed" && return; }
  done
  if [ ! -e "$OCK_MODULE" ] || [ ! -d "$OCK_STORE" ]; then echo "openCryptoki is not installed" && return; fi
  unshare -m -i -n -p -f --mount-proc true 2>/dev/null || echo "no namespaces of its own may be made here"
}

# Starts it for one case, with a fresh token; skips the case where that is not possible.
ock_start() {
  local reason
  OCK_FOLDER=$BATS_TEST_TMPDIR/opencryptoki
  reason=$(ock_reason)
  [ -z "$reason" ] || skip "$reason"
  mkdir -p "$OCK_FOLDER"
  unshare -m -i -n -p -f --mount-proc --kill-child bash "$STAGE_ROOT/tests/peers/opencryptoki.bash" "$OCK_FOLDER" \
    >"$OCK_FOLDER/log" 2>&1 3>&- </dev/null &
  OCK_KEEPER=$!
  await_of "$OCK_KEEPER" [ -e "$OCK_FOLDER/ready" ] || { cat "$OCK_FOLDER/log" && return 1; }
  OCK_INSIDE=$(ps -o pid= --ppid "$OCK_KEEPER" | tr -d ' ')
  ock_token
}

# The first process of its namespace takes all others with it; unshare itself passes no SIGTERM on.
ock_stop() {
  [ -z "${OCK_INSIDE-}" ] || kill -KILL "$OCK_INSIDE" 2>/dev/null || true
  [ -z "${OCK_KEEPER-}" ] || wait "$OCK_KEEPER" 2>/dev/null || true
}

# ock COMMAND…: runs where the daemon is.
ock() { nsenter -t "$OCK_INSIDE" -m -i -n -p --wd="$PWD" -- "$@"; }

# A fresh software token with both PINs set by another maker's program, the SO's being no longer the first one.
ock_token() {
  ock pkcs11-tool --module "$OCK_MODULE" --init-token --slot 3 --label "$OCK_LABEL" --so-pin 87654321
  ock pkcs11-tool --module "$OCK_MODULE" --slot 3 --login --login-type so --so-pin 87654321 --change-pin \
    --new-pin "$OCK_SO_PIN"
  ock pkcs11-tool --module "$OCK_MODULE" --slot 3 --login --login-type so --so-pin "$OCK_SO_PIN" --init-pin \
    --new-pin "$OCK_USER_PIN"
}

# As the first process: a copy of the store over the store, empty places for the daemon's segments and sockets.
ock_inside() {
  set -e
  mount --make-rprivate /
  mkdir "$1/store"
  cp -a "$OCK_STORE/." "$1/store/"
  rm -rf "$1"/store/swtok/*
  install -d -m 770 -g pkcs11 "$1/store/swtok/TOK_OBJ"
  mount --bind "$1/store" "$OCK_STORE"
  mount -t tmpfs tmpfs /dev/shm
  mount -t tmpfs tmpfs /run
  [ -L /var/lock ] || mount -t tmpfs tmpfs /var/lock
  mkdir -p /run/lock /run/opencryptoki
  install -d -m 770 -g pkcs11 /var/lock/opencryptoki /var/lock/opencryptoki/swtok
  pkcsslotd
  until pkcs11-tool --module "$OCK_MODULE" -T >/dev/null 2>&1; do sleep 0.05; done
  touch "$1/ready"
  exec sleep 600
}

if [ "${BASH_SOURCE[0]}" = "$0" ]; then ock_inside "$1"; fi
