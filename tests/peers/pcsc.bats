#!/usr/bin/env bats
# shellcheck disable=SC2030,SC2031,SC2154 # bats sets and reads them
# A real PC/SC stack: pcscd, a virtual reader, OpenSC's module, and in the reader a card that nobody knows.

load ../cli/stage
load ../cli/watching
load pcsc

setup() {
  cd "$BATS_TEST_TMPDIR" || return 1
  quiet_environment
  forgive_leaks
  pcsc_start
  OPENSC=$(opensc_module)
}

teardown() {
  [ -z "${WATCH_PID-}" ] || ended TERM || true
  pcsc_stop
}

@test "an unknown card in the reader is told as such, with what to do, and when it is taken out" {
  watching -m "$OPENSC" --json
  until_said 1 '"event":"start"'
  card_in
  until_said 1 '"event":"plugged"'
  card_out
  until_said 1 '"event":"unplugged"'
  card_in
  until_said 2 '"event":"plugged"'
  ended TERM
  jq -se '.[0].modules[0].state == "ready"' said
  jq -se '.[1] | .state == "unrecognised" and .error.code == "token_unusable" and .error.ckr == "CKR_TOKEN_NOT_RECOGNIZED"
    and .error.message != .error.hint and (.error.message | startswith("driver missing or card not recognised"))' said
  jq -se '.[2].event == "unplugged" and .[2].token.serial == ""' said
}

@test "the same for people, in both languages; what is in already is shown at once" {
  local lang
  card_in
  for lang in en zh; do
    watching -m "$OPENSC" --lang "$lang"
    until_said 1 'ukey profile list'
    ended TERM
    grep -q opensc-pkcs11.so said
    fits <said
    cp said "said_$lang"
  done
  grep -q 'driver missing or card not recognised' said_en
  grep -q '没有装驱动，或者不认识这张卡' said_zh
}

@test "the reader service going away crashes no watch" {
  card_in
  watching -m "$OPENSC" --json --trace=trace
  until_said 1 '"event":"(present|plugged)"'
  service_stop
  await true_or_gone "$WATCH_PID" said_times $(($(grep -c . trace) + 10)) . trace
  local status=0
  ended TERM || status=$?
  [[ $status == [03] ]] || { cat errors && return 1; }
}

card_seen() { "${INSIDE[@]}" opensc-tool --list-readers | grep -q Yes; }

@test "an unknown card is no token to the other commands, and no crash" {
  card_in
  await card_seen
  run --separate-stderr "${INSIDE[@]}" "$UKEY_BIN" status -m "$OPENSC" --json
  [ "$status" -eq 4 ]
  says '.error.code == "no_token" or .tokens[0].state == "unrecognised"'
}
