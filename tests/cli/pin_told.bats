#!/usr/bin/env bats
# shellcheck disable=SC2016,SC2030,SC2031,SC2154 # variables of jq; bats sets and reads the others
# What is told of PINs that were sent: tries that may be spent, last tries that were, refusals by the token; and that
# it is told and recorded even when the output cannot be written.

load stage

setup_file() {
  quiet_environment
  own_drawer
  cp -a "$UKEY_PRACTICE/state" "$BATS_FILE_TMPDIR/state"
  export UKEY_MODULE=practice
}

setup() {
  cd "$BATS_TEST_TMPDIR" || return 1
  forgive_leaks
  rm -rf "$UKEY_PRACTICE/state"
  cp -a "$BATS_FILE_TMPDIR/state" "$UKEY_PRACTICE/state"
  umask 077
  printf %s "$PRACTICE_PIN" >right
  printf 87654321 >so
  printf 35792468 >fresh
}

@test "a call with a PIN that ends in mid-air is told as one that may have cost a try" {
  local fault lang
  for fault in C_Login=0x30 C_Login=0x32 C_Login=0x5 C_Login=hang 'C_Login!=hang'; do
    for lang in en zh; do
      UKEY_LANG=$lang UKEY_PRACTICE_FAULT=$fault run --separate-stderr ukey pin verify --timeout 1 \
        -t "${LABEL[master]}" --pin-file right
      echo "$fault: $status $stderr"
      [[ $lang != en || $stderr == *"a PIN try may have been spent"*"ukey pin status"* ]]
      [[ $lang != zh || $stderr == *可能已用掉一次*"ukey pin status"* ]]
    done
  done
  UKEY_PRACTICE_FAULT='C_SetPIN!=hang' run --separate-stderr ukey pin change --yes --json --timeout 1 \
    -t "${LABEL[master]}" --pin-file right --new-pin-file fresh
  [ "$status" -eq 3 ]
  says '.steps == [{"step": "change", "done": null}] and (.error.hint | contains("NEW PIN"))'
  run --separate-stderr ukey pin verify --json -t "${LABEL[master]}" --pin-file fresh
  [ "$status" -eq 0 ]
  UKEY_PRACTICE_FAULT=C_InitPIN=0x30 run --separate-stderr ukey pin unlock --yes -t "${LABEL[locked]}" \
    --so-pin-file so --new-pin-file fresh
  [[ $stderr == *"not known whether it was done: set the new PIN"* ]]
}

@test "a refusal by the token is not called unsent" {
  local lang
  for lang in en zh; do
    UKEY_LANG=$lang UKEY_PRACTICE_FAULT=C_Login=0xa2 run --separate-stderr ukey pin verify -t "${LABEL[master]}" \
      --pin-file right
    [ "$status" -eq 5 ]
    [[ $stderr != *"not sent"* && $stderr != *没有发给锁* ]]
    UKEY_LANG=$lang UKEY_PRACTICE_FAULT=C_Login=0xa4 run --separate-stderr ukey pin unlock --yes \
      -t "${LABEL[locked]}" --so-pin-file so --new-pin-file fresh
    [[ $stderr != *"no PIN was sent"* && $stderr != *没有发送* ]]
    UKEY_LANG=$lang UKEY_PRACTICE_FAULT=C_InitPIN=0xa2 run --separate-stderr ukey pin unlock --yes \
      -t "${LABEL[locked]}" --so-pin-file so --new-pin-file fresh
    [[ $stderr != *"not sent"* && $stderr != *没有发给锁* ]]
  done
}

@test "a last try spent wrongly is told with what it means" {
  sed -i 's/^user_failures .*/user_failures 5/' "$(grep -lxF "label ${LABEL[master]}" "$UKEY_PRACTICE"/state/*)"
  printf 99999999 >wrong
  run --separate-stderr ukey pin verify -t "${LABEL[master]}" --pin-file wrong
  [[ $stderr == *"NOT sent: one try is left"* ]]
  run --separate-stderr ukey pin verify -t "${LABEL[master]}" --pin-file wrong --use-final-try
  [ "$status" -eq 5 ]
  [[ $stderr == *"LOCKED now"*"ukey pin unlock"*"ukey guide unlock"* ]]
  sed -i 's/^so_failures .*/so_failures 5/' "$(grep -lxF "label ${LABEL[locked]}" "$UKEY_PRACTICE"/state/*)"
  run --separate-stderr ukey pin unlock --yes --json -t "${LABEL[locked]}" --so-pin-file wrong --new-pin-file fresh \
    --use-final-try
  says '.error.code == "pin_wrong" and (.error.hint | contains("scrap"))'
}

@test "what was done is recorded and said even when its document cannot be printed" {
  status=0
  ukey pin change --yes -t "${LABEL[jsca]}" --pin-file right --new-pin-file fresh --log log >/dev/full 2>err || status=$?
  [ "$status" -eq 7 ]
  grep -q 'the PIN is changed' err
  [ "$(jq -r .result log)" = ok ]
  printf 99999999 >wrong
  status=0
  ukey pin verify -t "${LABEL[jsca]}" --pin-file wrong --log log >out 2>/dev/full || status=$?
  [ "$status" -eq 5 ]
  [ "$(jq -rs '.[1].error' log)" = pin_wrong ]
}

@test "a record names the token that was reached, and its failure hides no other" {
  run --separate-stderr ukey pin verify -t "${LABEL[locked]}" --pin-file right --log log
  [ "$status" -eq 5 ]
  [ "$(jq -r .token.label log)" = "${LABEL[locked]}" ]
  run --separate-stderr ukey pin verify --json -t "${LABEL[locked]}" --pin-file right --log /dev/full
  [ "$status" -eq 5 ]
  says '.error.code == "pin_locked"'
  [[ $stderr == */dev/full* ]]
  mkfifo pipe
  run --separate-stderr timeout 20 "$UKEY_BIN" pin verify --json -t "${LABEL[locked]}" --pin-file right --log pipe
  [ "$status" -eq 7 ]
}

@test "with a closed stderr or stdout no message goes into a file that took its place" {
  printf 99999999 >wrong
  status=0
  ukey pin verify -t "${LABEL[jsca]}" --pin-file wrong --log log 2>&- || status=$?
  [ "$status" -eq 5 ]
  [ "$(jq -s length log)" -eq 1 ]
  status=0
  ukey pin status --json -t "${LABEL[jsca]}" >&- 2>err || status=$?
  [ "$status" -eq 7 ]
}

@test "an answer that looks like a wrong PIN when cut short is not called one" {
  UKEY_PRACTICE_FAULT=C_Login=0x800000a0 run --separate-stderr ukey pin verify --json -t "${LABEL[master]}" \
    --pin-file right
  [ "$status" -eq 6 ]
  says '.error.code == "token_refused" and .error.rv == "0x800000a0"'
  UKEY_PRACTICE_FAULT=C_SetPIN=0x800000a0 run --separate-stderr ukey pin change --yes --json -t "${LABEL[master]}" \
    --pin-file right --new-pin-file fresh
  [ "$status" -eq 6 ]
  says '.error.code == "token_refused" and .error.call == "C_SetPIN"'
}
