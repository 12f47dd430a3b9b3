# shellcheck shell=bash disable=SC2034,SC2154 # read and set by the cases
# pcscd with vsmartcard's virtual readers, and a card for them that no driver knows. Namespaces keep all of it away from
# the machine's own reader service and network. Loaded by bats files; as a program it becomes the service.

PCSC_READERS=/etc/reader.conf.d/vpcd

# Why there is no reader service here; nothing when there may be.
pcsc_reason() {
  local name
  if [ "$(id -u)" -ne 0 ]; then echo "a reader service of its own needs root" && return; fi
  for name in unshare nsenter ip pcscd cc; do
    command -v "$name" >/dev/null || { echo "$name is not installed" && return; }
  done
  [ -e "$PCSC_READERS" ] || { echo "vsmartcard's virtual reader (vpcd) is not installed" && return; }
  opensc_module >/dev/null || { echo "OpenSC's module is not installed" && return; }
  unshare -m -n true 2>/dev/null || echo "no namespaces of its own may be made here"
}

opensc_module() {
  local found
  for found in /usr/lib/*/opensc-pkcs11.so /usr/lib64/opensc-pkcs11.so /usr/lib64/pkcs11/opensc-pkcs11.so; do
    if [ -e "$found" ]; then echo "$found" && return 0; fi
  done
  return 1
}

# Starts it for one case, with empty readers; skips the case where that is not possible. "${INSIDE[@]}" before a command
# runs that where the service is.
pcsc_start() {
  local reason
  reason=$(pcsc_reason)
  [ -z "$reason" ] || skip "$reason"
  cc -std=c11 -D_DEFAULT_SOURCE -Wall -Wextra -Werror -o card "$STAGE_ROOT/tests/peers/virtual_card.c"
  mkdir -p readers
  cp "$PCSC_READERS" readers/
  unshare -m -n bash "$STAGE_ROOT/tests/peers/pcsc.bash" "$PWD/readers" >pcscd.log 2>&1 3>&- </dev/null &
  PCSC_PID=$!
  INSIDE=(nsenter -t "$PCSC_PID" -m -n --wd="$PWD" --)
  await_of "$PCSC_PID" answers 2>/dev/null || { cat pcscd.log && return 1; }
}

answers() { "${INSIDE[@]}" test -S /run/pcscd/pcscd.comm; }

pcsc_stop() {
  [ -z "${CARD_PID-}" ] || card_out
  [ -z "${PCSC_PID-}" ] || service_stop
}

service_stop() {
  kill "$PCSC_PID" 2>/dev/null || true
  wait "$PCSC_PID" || true
  PCSC_PID=
}

card_in() {
  "${INSIDE[@]}" ./card >card.log 2>&1 3>&- </dev/null &
  CARD_PID=$!
}

card_out() {
  kill "$CARD_PID" 2>/dev/null || true
  wait "$CARD_PID" || true
  CARD_PID=
}

# As a program: its own place for the socket, its own loopback, and an end should nobody end it.
if [ "${BASH_SOURCE[0]}" = "$0" ]; then
  set -e
  mount --make-rprivate /
  mount -t tmpfs tmpfs /run
  mkdir /run/pcscd
  ip link set lo up
  exec timeout 300 pcscd --foreground --config "$1"
fi
