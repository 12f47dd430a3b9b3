#!/usr/bin/env bats
# shellcheck disable=SC2016,SC2030,SC2031,SC2154 # variables of jq; bats sets and reads the others
# How many PKCS#11 calls a command makes, counted by OpenSC's pkcs11-spy between the program and the module, and what it
# asks for. A real token answers in 5 to 50 ms a call, so this number is the speed.

load ../cli/stage

# The contract is at most 24 calls for the card of one master (two certificates, three seals); a change that needs more
# than now has to say why. Each of its two searches costs one call more than a search that believes a short answer: only
# an answer of no handle ends it.
CALLS_NOW=20

setup_file() {
  quiet_environment
  needs pkcs11-tool
  # One token alone: with others in the drawer each of them costs a C_GetTokenInfo.
  drawer
  # shellcheck disable=SC2046 # a list of words
  ukey practice unplug $(names_but master-due) >/dev/null
}

setup() {
  SPY=/usr/lib/x86_64-linux-gnu/pkcs11-spy.so
  [ -e "$SPY" ] || SPY=$(find /usr/lib /usr/lib64 -name pkcs11-spy.so 2>/dev/null | head -n 1)
  [ -n "$SPY" ] || skip "OpenSC's pkcs11-spy.so is not installed"
  forgive_leaks
  PKCS11SPY=$(practice_module)
  export PKCS11SPY PKCS11SPY_OUTPUT=$BATS_TEST_TMPDIR/log
}

names_but() {
  local name
  for name in "${!LABEL[@]}"; do [ "$name" = "$1" ] || echo "$name"; done
}

calls() { grep -cE '^[0-9]+: C_' "$PKCS11SPY_OUTPUT"; }

calls_of() { grep -cE "^[0-9]+: $1\$" "$PKCS11SPY_OUTPUT"; }

# The lengths of CKA_VALUE that a call handed over, with a buffer to put the contents in.
values_read() { grep -E '^ *CKA_VALUE ' "$PKCS11SPY_OUTPUT" | grep -v ' 0000000000000000 / ' | awk '{print $NF}'; }

@test "the spy stands between the program and one token" {
  run --separate-stderr ukey -m "$SPY" list --json
  [ "$status" -eq 0 ]
  says '[.tokens[].token.label] == [$name]' --arg name "${LABEL[master-due]}"
  [ "$(calls)" -ge 5 ]
}

@test "status of one master makes no more calls than the contract allows, nor than it made" {
  run --separate-stderr ukey -m "$SPY" status --json
  [ "$status" -eq 0 ]
  says '.tokens | length == 1 and (.[0] | .lock.kind == "master" and .renewal.verdict == "open")'
  echo "$(calls) calls"
  [ "$(calls)" -le 24 ]
  [ "$(calls)" -le "$CALLS_NOW" ]
}

@test "renew check of one master makes no more calls than status" {
  run --separate-stderr ukey -m "$SPY" renew check --json
  [ "$status" -eq 0 ]
  echo "$(calls) calls"
  [ "$(calls)" -le "$CALLS_NOW" ]
}

@test "list of one master looks for no data object and makes at most fourteen calls" {
  run --separate-stderr ukey -m "$SPY" list --json
  [ "$status" -eq 0 ]
  echo "$(calls) calls"
  [ "$(calls)" -le 14 ]
  run ! grep -q CKO_DATA "$PKCS11SPY_OUTPUT"
}

@test "status, list and renew check ask for no login, no slot info and no private key" {
  local words
  for words in status list "renew check"; do
    rm -f "$PKCS11SPY_OUTPUT"
    # shellcheck disable=SC2086 # a list of words
    run --separate-stderr ukey -m "$SPY" $words
    [ "$status" -eq 0 ]
    [ "$(calls_of C_Login)" -eq 0 ]
    [ "$(calls_of C_GetSlotInfo)" -eq 0 ]
    run ! grep -q CKO_PRIVATE_KEY "$PKCS11SPY_OUTPUT"
  done
}

@test "status opens one session, closes it, and finalises the module once" {
  run --separate-stderr ukey -m "$SPY" status
  [ "$status" -eq 0 ]
  [ "$(calls_of C_OpenSession)" -eq 1 ]
  [ "$(calls_of C_CloseSession)" -eq 1 ]
  [ "$(calls_of C_Initialize)" -eq 1 ]
  [ "$(calls_of C_Finalize)" -eq 1 ]
  [ "$(calls_of C_FindObjectsInit)" -eq "$(calls_of C_FindObjectsFinal)" ]
}

@test "status asks for the size of each seal and never for its contents" {
  run --separate-stderr ukey -m "$SPY" status
  [ "$status" -eq 0 ]
  local sizes
  sizes=$(grep -E '^ *CKA_VALUE +0+ / [1-9]' "$PKCS11SPY_OUTPUT" | awk '{print $NF}' | sort | paste -sd' ')
  # Three seals, asked for with no buffer; each is larger than twenty thousand octets.
  [ "$(wc -w <<<"$sizes")" -eq 3 ]
  local size
  for size in $sizes; do [ "$size" -gt 20000 ]; done
  # What was read into a buffer are the certificates: nothing above a few thousand octets.
  for size in $(values_read); do [ "$size" -le 4096 ]; done
  [ "$(values_read | grep -c .)" -ge 2 ]
}

@test "lock reads the contents of the three seals, each once" {
  run --separate-stderr ukey -m "$SPY" lock --json
  [ "$status" -eq 0 ]
  says '.lock.basis == "content"'
  [ "$(grep -A 3 '^\[out\] pTemplate' "$PKCS11SPY_OUTPUT" | grep -E 'CKA_VALUE ' | awk '$NF > 20000 && $2 !~ /^0+$/' | wc -l)" -eq 3 ]
}

@test "pkcs11-tool needs more calls than status to list the objects of the same token" {
  run --separate-stderr ukey -m "$SPY" status
  local ours
  ours=$(calls)
  rm "$PKCS11SPY_OUTPUT"
  run pkcs11-tool --module "$SPY" -O
  [ "$status" -eq 0 ]
  [[ $output == *签名证书* ]]
  local theirs
  theirs=$(calls)
  echo "ours $ours, theirs $theirs"
  [ "$theirs" -gt "$ours" ]
}

@test "p11tool needs more calls than status to list the certificates alone" {
  needs p11tool
  run --separate-stderr ukey -m "$SPY" status
  local ours
  ours=$(calls)
  rm "$PKCS11SPY_OUTPUT"
  run p11tool --provider "$SPY" --list-all-certs pkcs11:manufacturer=ukey
  [ "$status" -eq 0 ]
  [ "$(calls)" -gt "$ours" ]
}

@test "the program's own trace counts the same calls as the spy" {
  run --separate-stderr ukey -m "$SPY" status --trace="$BATS_TEST_TMPDIR/trace"
  [ "$status" -eq 0 ]
  local call
  for call in C_Initialize C_GetSlotList C_GetTokenInfo C_OpenSession C_FindObjectsInit C_FindObjects C_FindObjectsFinal \
    C_GetAttributeValue C_CloseSession C_Finalize; do
    echo "$call"
    [ "$(grep -cE "^$call +CKR_OK +[0-9.]+ ms$" "$BATS_TEST_TMPDIR/trace")" -eq "$(calls_of "$call")" ]
  done
}

@test "further tokens cost one call each to be passed over" {
  ukey practice plug blank >/dev/null
  run --separate-stderr ukey -m "$SPY" renew check --json -t "${LABEL[master-due]}"
  [ "$status" -eq 0 ]
  [ "$(calls)" -le $((CALLS_NOW + 1)) ]
  ukey practice unplug blank >/dev/null
}
