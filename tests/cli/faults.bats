#!/usr/bin/env bats
# shellcheck disable=SC2016,SC2030,SC2031,SC2154 # variables of jq; bats sets and reads the others
# Each PKCS#11 call that status makes fails in turn, with the answers that a dying token and a vendor's driver give. The
# program neither crashes nor forgets a token, and shows a vendor's code whole.

load stage

setup_file() {
  quiet_environment
  drawer
  export UKEY_MODULE=practice
}

# survives CALL ANSWER: status with that call always failing. A failure is a document with a documented status; success
# has a row for every token, and each row that is not whole carries an error.
survives() {
  local call=$1 answer=$2
  UKEY_PRACTICE_FAULT=$call=$answer run --separate-stderr ukey status --json
  echo "$call -> $answer: exit $status"
  [ -z "$stderr" ]
  case $status in
    3 | 4 | 6)
      says '(.error.rv == $rv and .error.call == $call) or (.tokens | length == 9 and all(.state == "failed"))' \
        --arg rv "$answer" --arg call "$call"
      ;;
    0)
      says '.tokens | length == 9' \
        '[.tokens[] | select(.state != "ready") | .error.code] | all(. != null)'
      ;;
    *) return 1 ;;
  esac
}

# The answer stands somewhere in the document, whole, with the call that gave it.
tells() {
  says '[.. | objects | select(.rv? == $rv and .call? == $call)] | length > 0' --arg rv "$2" --arg call "$1"
}

answers="0x5 0x30 0x32 0x800000a0" # CKR_GENERAL_ERROR, CKR_DEVICE_ERROR, CKR_DEVICE_REMOVED, a vendor's

@test "a driver that does not start is told with its answer" {
  local answer
  for answer in $answers; do
    survives C_Initialize "$answer"
    [ "$status" -eq 3 ]
    says '.error.code == "module_broken"'
    tells C_Initialize "$answer"
  done
}

@test "slots that cannot be listed are told with the answer" {
  local answer
  for answer in $answers; do
    survives C_GetSlotList "$answer"
    [ "$status" -ne 0 ]
    tells C_GetSlotList "$answer"
  done
}

@test "tokens whose data cannot be read are failed rows, not missing ones" {
  local answer
  for answer in $answers; do
    survives C_GetTokenInfo "$answer"
    [ "$status" -ne 0 ]
    says '.tokens | length == 9'
    tells C_GetTokenInfo "$answer"
  done
}

@test "tokens on which no session opens are failed rows that keep label and serial" {
  local answer
  for answer in $answers; do
    survives C_OpenSession "$answer"
    [ "$status" -ne 0 ]
    says 'all(.tokens[]; .token.label != "" and .token.serial != null)'
    tells C_OpenSession "$answer"
  done
}

@test "tokens on which no search works are failed rows" {
  local answer call
  for answer in $answers; do
    for call in C_FindObjectsInit C_FindObjects; do
      survives "$call" "$answer"
      [ "$status" -ne 0 ]
      tells "$call" "$answer"
    done
    survives C_FindObjectsFinal "$answer"
  done
}

@test "objects whose attributes cannot be read are told with the answer" {
  local answer
  for answer in $answers; do
    survives C_GetAttributeValue "$answer"
    tells C_GetAttributeValue "$answer"
    says '[.tokens[] | select(.renewal.verdict == "open")] == []'
  done
}

@test "certificates that could not be read are no reason to send a holder to a first issue" {
  UKEY_PRACTICE_FAULT=C_GetAttributeValue=0x30 run --separate-stderr ukey status --json -t "${LABEL[master]}"
  says '[.tokens[] | .renewal.next_step? // "none"] | all(. != "first_issue")'
}

@test "a close that fails costs nothing, for all was read" {
  local answer call
  for answer in $answers; do
    for call in C_CloseSession C_Finalize; do
      survives "$call" "$answer"
      [ "$status" -eq 0 ]
      says 'all(.tokens[]; .state == "ready")'
    done
  done
}

@test "a token removed in the middle is told as removed" {
  local call
  for call in C_OpenSession C_FindObjects C_GetAttributeValue; do
    UKEY_PRACTICE_FAULT=$call=0x32 run --separate-stderr ukey status --json -t "${LABEL[master]}"
    [ "$status" -eq 4 ]
    says '.tokens[0] | .state == "failed" and .error.code == "token_removed" and .error.ckr == "CKR_DEVICE_REMOVED"'
  done
  local lang
  for lang in en zh; do
    UKEY_LANG=$lang UKEY_PRACTICE_FAULT=C_OpenSession=0x32 run --separate-stderr ukey status -t "${LABEL[master]}"
    [[ $output == *"C_OpenSession -> CKR_DEVICE_REMOVED (0x32)"* && $output == *"${LABEL[master]}"* ]]
    fits <<<"$output"
  done
}

@test "one dying token does not hide the other eight" {
  local call
  for call in C_GetTokenInfo C_OpenSession C_FindObjectsInit C_FindObjects; do
    UKEY_PRACTICE_FAULT=$call:4=0x30 run --separate-stderr ukey status --json
    [ "$status" -eq 0 ]
    says '[.tokens[].state] | sort == ["failed"] + ([range(8)] | map("ready"))' \
      '[.tokens[] | select(.error) | .error.rv, .error.call] == ["0x30", $call]' --arg call "$call"
  done
}

@test "a vendor's answer is shown whole to people too" {
  local call lang
  for call in C_Initialize C_GetSlotList; do
    UKEY_PRACTICE_FAULT=$call=0x800000a0 refused "$([[ $call =~ ^C_(Initialize|GetSlotList)$ ]] && echo 3 || echo 6)" status
    [[ $said_en == *"$call -> 0x800000a0"* && $said_zh == *"$call -> 0x800000a0"* ]]
  done
  for lang in en zh; do
    for call in C_GetTokenInfo C_OpenSession C_FindObjects; do
      UKEY_LANG=$lang UKEY_PRACTICE_FAULT=$call:1=0x800000a0 run --separate-stderr ukey status
      [ "$status" -eq 0 ]
      [[ $output == *"$call -> 0x800000a0"* ]]
    done
  done
}

@test "a fault in the very last read of status leaves no half judged token" {
  local nth
  for nth in 1 2 3 4 5; do
    UKEY_PRACTICE_FAULT=C_GetAttributeValue:$nth=0x32 run --separate-stderr ukey status --json -t "${LABEL[master]}"
    [ "$status" -eq 4 ]
    says '.tokens[0] | .state == "failed" and .lock == null and .renewal == null'
  done
}

@test "a vendor's answer that looks like a wrong PIN when cut short is not called one" {
  printf %s "$PRACTICE_PIN" >"$BATS_TEST_TMPDIR/pin"
  UKEY_PRACTICE_FAULT=C_Login=0x800000a0 run --separate-stderr ukey lock --json -t "${LABEL[master]}" --pin-file "$BATS_TEST_TMPDIR/pin"
  [ "$status" -eq 6 ]
  says '.error.code == "token_refused" and .error.rv == "0x800000a0" and .error.ckr == null'
}
