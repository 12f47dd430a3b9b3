#!/usr/bin/env bats
# shellcheck disable=SC2016,SC2030,SC2031,SC2154 # variables of jq; bats sets and reads the others
# What is told of PINs that were sent: tries that may be spent, last tries that were, refusals by the token; and that
# it is told and recorded even when the output cannot be written.

load stage
load pin

setup_file() {
  quiet_environment
  export UKEY_MODULE=practice
}

setup() {
  cd "$BATS_TEST_TMPDIR" || return 1
  forgive_leaks
  drawer
  pin_files
}

@test "a call with a PIN that ends in mid-air is told as one that may have cost a try" {
  local fault lang
  for fault in C_Login=0x30 C_Login=0x32 C_Login=0x5 C_Login=hang 'C_Login!=hang'; do
    for lang in en zh; do
      UKEY_LANG=$lang UKEY_PRACTICE_FAULT=$fault run --separate-stderr ukey pin verify --timeout 2 \
        -t "${LABEL[master]}" --pin-file right
      echo "$fault: $status $stderr"
      [[ $lang != en || $stderr == *"a PIN try may have been spent"*"ukey pin status"* ]]
      [[ $lang != zh || $stderr == *可能已用掉一次*"ukey pin status"* ]]
    done
  done
  UKEY_PRACTICE_FAULT='C_SetPIN!=hang' run --separate-stderr ukey pin change --yes --json --timeout 2 \
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
  [ "$(jq -rs 'map(.result) | join(" ")' log)" = 'begun ok' ]
  status=0
  ukey pin verify -t "${LABEL[jsca]}" --pin-file wrong --log log >out 2>/dev/full || status=$?
  [ "$status" -eq 5 ]
  [ "$(jq -rs '.[3].error' log)" = pin_wrong ]
}

@test "what cannot be recorded is not begun, and that alone is told" {
  local words
  for words in 'verify --pin-file right' 'change --yes --pin-file right --new-pin-file fresh' \
    'unlock --yes --so-pin-file so --new-pin-file fresh'; do
    # shellcheck disable=SC2086 # a list of words
    run --separate-stderr ukey pin $words --json -t "${LABEL[jsca]}" --log /dev/full --trace=trace
    [ "$status" -eq 7 ]
    says '.error.code == "file_io" and .error.subject == "/dev/full" and .steps == null'
    run ! grep -E '^C_(OpenSession|Login|SetPIN)' trace
  done
  run --separate-stderr ukey pin verify -t "${LABEL[jsca]}" --pin-file right --log /dev/full
  [ "$(grep -c /dev/full <<<"$stderr")" -eq 1 ]
}

@test "a module that dies with a PIN leaves a record that it was sent" {
  UKEY_PRACTICE_FAULT=C_SetPIN=die run --separate-stderr ukey pin change --yes -t "${LABEL[jsca]}" --pin-file right \
    --new-pin-file fresh --log log
  [ "$status" -ge 6 ]
  [ "$(jq -r '.result + " " + .command + " " + .token.label' log)" = "begun pin change ${LABEL[jsca]}" ]
}

@test "what is refused before anything is sent, and a dry run, have no beginning in the record" {
  run --separate-stderr ukey pin verify -t "${LABEL[locked]}" --pin-file right --log log
  run --separate-stderr ukey pin verify --dry-run -t "${LABEL[jsca]}" --pin-file right --log log
  [ "$(jq -rs 'map(.result) | join(" ")' log)" = 'failed not_tried' ]
}

@test "a session that cannot be opened is a plain error: nothing was sent" {
  local fault words
  # Of nine tokens each tells of itself once, then this one again when it is claimed; the next is before the PIN.
  for fault in C_OpenSession=0x30 C_OpenSession=hang C_GetTokenInfo:11=0x30; do
    for words in 'verify --pin-file right' 'change --yes --pin-file right --new-pin-file fresh' \
      'unlock --yes --so-pin-file so --new-pin-file fresh'; do
      # shellcheck disable=SC2086 # a list of words
      UKEY_PRACTICE_FAULT=$fault run --separate-stderr ukey pin $words --json -t "${LABEL[jsca]}" --timeout 2 --log log
      echo "$fault $words: $status $output"
      [ "$status" -ne 0 ]
      says '.error.call == $call and .steps == null and .pin == null' --arg call "${fault%%[:=]*}"
    done
  done
  [ "$(jq -rs 'map(.result) | unique | join(" ")' log)" = 'begun failed' ]
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
  run --separate-stderr timeout 60 "$UKEY_BIN" pin verify --json -t "${LABEL[locked]}" --pin-file right --log pipe
  [ "$status" -eq 7 ]
  run --separate-stderr timeout 60 "$UKEY_BIN" pin status --json -t "${LABEL[locked]}" --trace=pipe
  [ "$status" -eq 7 ]
  says '.error.code == "file_io" and .error.subject == "pipe"'
}

@test "with a closed stderr or stdout no message goes into a file that took its place" {
  status=0
  ukey pin verify -t "${LABEL[jsca]}" --pin-file wrong --log log 2>&- || status=$?
  [ "$status" -eq 5 ]
  [ "$(jq -s length log)" -eq 2 ]
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
