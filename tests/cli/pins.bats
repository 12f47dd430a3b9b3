#!/usr/bin/env bats
# shellcheck disable=SC2016,SC2030,SC2031,SC2154 # variables of jq; bats sets and reads the others
# Sources of a PIN that cannot be right: refused before anything is sent to the token, so that no try is spent.

load stage
load pin

setup_file() {
  quiet_environment
  drawer
  export UKEY_MODULE=practice BEFORE
  BEFORE=$(fingerprint "$UKEY_PRACTICE")
}

setup() {
  cd "$BATS_TEST_TMPDIR" || return 1
  drawer
  pin_files
}

# never_sent STATUS CODE WORD…: refused in both languages and as a document, without one C_Login.
never_sent() {
  local expected=$1 code=$2
  shift 2
  refused "$expected" lock -t "${LABEL[master]}" "$@"
  run --separate-stderr ukey lock --json -t "${LABEL[master]}" --trace=trace "$@"
  [ "$status" -eq "$expected" ]
  says '.error.code == $code and .error.call == null' --arg code "$code"
  [ "$(grep -c '^C_GetTokenInfo' trace)" -ge 1 ]
  [ "$(grep -c '^C_Login' trace)" -eq 0 ]
  [ "$(fingerprint "$UKEY_PRACTICE")" = "$BEFORE" ]
}

@test "a PIN file that is missing is refused and nothing is sent" {
  never_sent 7 file_io --pin-file missing
  [[ $said_en == *missing* && $said_zh == *missing* ]]
}

@test "a folder as PIN file is refused and nothing is sent" {
  mkdir folder
  never_sent 7 file_io --pin-file folder
}

@test "a PIN file with Notepad's byte-order mark is refused and nothing is sent" {
  printf '\xef\xbb\xbf%s\r\n' "$PRACTICE_PIN" >bom
  never_sent 5 pin_invalid --pin-file bom
  printf '\xff\xfe1\x002\x003\x004\x00' >wide
  never_sent 5 pin_invalid --pin-file wide
}

@test "an empty PIN file is refused and nothing is sent" {
  : >empty
  never_sent 5 pin_missing --pin-file empty
  printf '\r\n' >line
  never_sent 5 pin_missing --pin-file line
}

@test "a PIN that is too long or too short for the token is refused and nothing is sent" {
  head -c 256 /dev/zero | tr '\0' 1 >long
  never_sent 5 pin_invalid --pin-file long
  head -c 100000 /dev/zero | tr '\0' 1 >longer
  never_sent 5 pin_invalid --pin-file longer
  never_sent 5 pin_invalid --pin-file /dev/zero
  printf 123 >short
  never_sent 5 pin_invalid --pin-file short
}

@test "a PIN file with two lines is refused and nothing is sent" {
  printf '%s\n%s\n' "$PRACTICE_PIN" "$PRACTICE_PIN" >two
  never_sent 5 pin_invalid --pin-file two
}

@test "an environment variable that is not set or empty is refused and nothing is sent" {
  never_sent 5 pin_missing --pin-env UKEY_NO_SUCH_PIN
  NO_PIN='' never_sent 5 pin_missing --pin-env NO_PIN
}

@test "standard input without a PIN is refused and nothing is sent" {
  exec </dev/null
  never_sent 5 pin_missing --pin-stdin
}

@test "a PIN command that fails, says nothing or is none is refused and nothing is sent" {
  never_sent 5 pin_missing --pin-command false
  never_sent 5 pin_missing --pin-command true
  never_sent 5 pin_invalid --pin-command 'cat /dev/zero'
  never_sent 7 file_io --pin-command /nonexistent/command
}

@test "a PIN command is run without a shell and knows the serial" {
  run --separate-stderr ukey lock --json -t "${LABEL[master]}" --pin-command "echo $PRACTICE_PIN; touch made"
  [ "$status" -eq 5 ]
  [ ! -e made ]
  # shellcheck disable=SC2016 # for the child
  printf '#!/bin/sh\necho "$1" >serial\nprintf %%s "%s"\n' "$PRACTICE_PIN" >giver
  chmod +x giver
  run --separate-stderr ukey lock --json -t "${LABEL[master]}" --pin-command './giver {serial}'
  [ "$status" -eq 0 ]
  says '.token.serial == $serial' --arg serial "$(cat serial)"
}

@test "without a terminal --login is refused and nothing is sent" {
  needs setsid
  run --separate-stderr setsid -w "$UKEY_BIN" lock --login --json -t "${LABEL[master]}" --trace=trace </dev/null
  [ "$status" -eq 5 ]
  says '.error.code == "pin_missing"'
  [ "$(grep -c '^C_Login' trace)" -eq 0 ]
}

@test "a locked PIN is told before anything is sent" {
  refused 5 lock -t "${LABEL[locked]}" --pin-file right
  run --separate-stderr ukey lock --json -t "${LABEL[locked]}" --pin-file right --trace=trace
  [ "$status" -eq 5 ]
  says '.error.code == "pin_locked"'
  [ "$(grep -c '^C_Login' trace)" -eq 0 ]
}

@test "one line end after the PIN is stripped, and the PIN is sent once" {
  local end
  for end in '' '\n' '\r\n'; do
    printf "%s$end" "$PRACTICE_PIN" >pin
    run --separate-stderr ukey lock --json -t "${LABEL[master]}" --pin-file pin --trace=trace
    [ "$status" -eq 0 ]
    [ "$(grep -c '^C_Login ' trace)" -eq 1 ]
  done
}

@test "wrong tries are counted, warned of, and the last one is never spent unasked" {
  while ukey status --json -t "${LABEL[expert]}" | jq -e '.tokens[0].pin.user != "final_try"'; do
    run --separate-stderr ukey lock --json -t "${LABEL[expert]}" --pin-file wrong
    [ "$status" -eq 5 ]
    echo "$status" >>tries
    says '.error.code == "pin_wrong"'
  done
  # The profile says that six wrong tries lock it: the sixth is the final one.
  [ "$(grep -c . tries)" -eq 5 ]
  run --separate-stderr ukey lock --json -t "${LABEL[expert]}" --pin-file wrong --trace=trace
  [ "$status" -eq 5 ]
  says '.error.code == "pin_not_sent"'
  [ "$(grep -c '^C_Login' trace)" -eq 0 ]
  run --separate-stderr ukey lock --json -t "${LABEL[expert]}" --pin-file wrong --use-final-try
  [ "$status" -eq 5 ]
  run --separate-stderr ukey status --json -t "${LABEL[expert]}"
  says '.tokens[0].pin.user == "locked"'
}

@test "wrong tries on one token are visible to another maker's program" {
  needs pkcs11-tool
  run ukey lock -t "${LABEL[jsca]}" --pin-file wrong
  [ "$status" -eq 5 ]
  run --separate-stderr ukey status --json -t "${LABEL[jsca]}"
  says '.tokens[0].pin.user == "count_low"'
  run bash -c 'pkcs11-tool --module "$1" -T | grep -A 4 "$2" | grep "token flags"' -- "$(practice_module)" "${LABEL[jsca]}"
  [[ $output == *"user PIN count low"* ]]
}
