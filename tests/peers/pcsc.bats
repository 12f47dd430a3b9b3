#!/usr/bin/env bats
# shellcheck disable=SC2030,SC2031,SC2154 # bats sets and reads them
# A real PC/SC stack: pcscd, a virtual reader, OpenSC's module, and in the reader a card that nobody knows.

load ../cli/stage
load pcsc

setup() {
  cd "$BATS_TEST_TMPDIR" || return 1
  quiet_environment
  forgive_leaks
  pcsc_start
  OPENSC=$(opensc_module)
}

teardown() {
  [ -z "${WATCH_PID-}" ] || ended || true
  pcsc_stop
}

# watching ARGUMENT…: a watch where the service is, in the background.
watching() {
  : >said # what an earlier one said is not waited for
  "${INSIDE[@]}" "$UKEY_BIN" watch -m "$OPENSC" "$@" >said 2>errors </dev/null 3>&- &
  WATCH_PID=$!
}

# until_said PATTERN: waits for a line of the watch, at most 60 seconds.
until_said() {
  local tries
  for ((tries = 0; tries < 600; tries++)); do
    if grep -qE -- "$1" said; then return 0; fi
    kill -0 "$WATCH_PID" 2>/dev/null || break
    sleep 0.1
  done
  echo "not said: $1" && cat said errors && return 1
}

# ended: the exit status of the watch, after SIGTERM.
ended() {
  local status=0
  kill "$WATCH_PID" && wait "$WATCH_PID" || status=$?
  WATCH_PID=
  return "$status"
}

@test "an unknown card in the reader is told as such, with what to do, and when it is taken out" {
  watching --json
  until_said '"event":"start"'
  card_in
  until_said '"event":"plugged"'
  card_out
  until_said '"event":"unplugged"'
  card_in
  until_said '"event":"plugged".*' && sleep 1
  ended
  jq -se '.[0].modules[0].state == "ready"' said
  jq -se '.[1] | .state == "unrecognised" and .error.code == "token_unusable" and .error.ckr == "CKR_TOKEN_NOT_RECOGNIZED"
    and .error.message != .error.hint and (.error.message | startswith("driver missing or card not recognised"))' said
  jq -se '.[2].event == "unplugged" and .[2].token.serial == ""' said
}

@test "the same for people, in both languages; what is in already is shown at once" {
  local lang
  card_in
  for lang in en zh; do
    watching --lang "$lang"
    until_said 'ukey profile list'
    ended
    grep -q opensc-pkcs11.so said
    fits <said
    cp said "said_$lang"
  done
  grep -q 'driver missing or card not recognised' said_en
  grep -q '没有装驱动，或者不认识这张卡' said_zh
}

@test "the reader service going away crashes no watch" {
  card_in
  watching --json
  until_said '"event":"(present|plugged)"'
  service_stop
  sleep 2
  local status=0
  kill "$WATCH_PID" 2>/dev/null || true
  wait "$WATCH_PID" || status=$?
  WATCH_PID=
  [[ $status == [03] ]] || { cat errors && return 1; }
}

@test "an unknown card is no token to the other commands, and no crash" {
  card_in
  sleep 1
  run --separate-stderr "${INSIDE[@]}" "$UKEY_BIN" status -m "$OPENSC" --json
  [ "$status" -eq 4 ]
  says '.error.code == "no_token" or .tokens[0].state == "unrecognised"'
}
