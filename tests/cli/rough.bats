#!/usr/bin/env bats
# shellcheck disable=SC2016,SC2030,SC2031,SC2154 # variables of jq; bats sets and reads the others
# Drivers with rough manners: that hand out one object a call, that remove more than they are told to or nothing at all,
# and that crash or leave when they are let go. What was read is whole, what was done is told, and nothing is lost unsaid.

load stage
load renewal

setup_file() {
  renewal_stage
  export ROUGH_BELOW ROUGH_DRIVER=$BATS_FILE_TMPDIR/rough_driver.so
  ROUGH_BELOW=$(practice_module)
  # shellcheck disable=SC2046 # a list of words
  cc -std=gnu11 $(pkg-config --cflags p11-kit-1) -shared -fPIC -o "$ROUGH_DRIVER" "$STAGE_ROOT/tests/cli/rough_driver.c" -ldl
}

teardown_file() { end_renewal_stage; }

setup() {
  anew
  forgive_leaks # of SoftHSM, when it is not finalised
}

# rough MANNERS COMMAND…: the command with the driver of these manners.
rough() { ROUGH=$1 UKEY_MODULE=$ROUGH_DRIVER "${@:2}"; }

keys() { ukey object list -t "$DUE" --pin-file "$PIN" --json | jq '[.objects[] | select(.class == "private_key")] | length'; }

verify() { ukey cert verify -t "$DUE" --pin-file "$PIN" --json; }

# told MANNERS ARGUMENT…: what is said of a renewal in each language, on one line; each begins anew.
told() {
  local lang
  for lang in en zh; do
    anew
    UKEY_LANG=$lang rough "$1" run renew run --ca-url "$CA_URL" "${@:2}"
    echo "$lang, exit $status: $output"
    printf -v "said_$lang" %s "$(tr -s ' \n' ' ' <<<"$output")"
  done
}

@test "a driver that hands out one object a call hides none" {
  local words
  for words in "status" "lock" "object list --pin-file $PIN"; do
    # shellcheck disable=SC2086 # a list of words
    ukey $words -t "$DUE" --json | jq 'del(.as_of) | walk(if type == "object" then del(.modules) else . end)' >expected
    # shellcheck disable=SC2086 # a list of words
    rough one-by-one run --separate-stderr ukey $words -t "$DUE" --json
    [ "$status" -eq 0 ]
    jq 'del(.as_of) | walk(if type == "object" then del(.modules) else . end)' <<<"$output" | diff expected -
  done
}

@test "with a driver that hands out one object a call a token is renewed" {
  rough one-by-one run --separate-stderr renew run --ca-url "$CA_URL" --retire-old --json
  [ "$status" -eq 0 ]
  says '.result == "renewed" and .generation == "renewed"'
  verify >/dev/null
}

@test "a key that a driver removes with the retired certificate is told as lost, and so by the later look" {
  rough key-too run --separate-stderr renew run --ca-url "$CA_URL" --retire-old --json
  [ "$status" -eq 6 ]
  says '.result == "failed" and .error.code == "token_refused" and .error.call == "C_DestroyObject" and (.resume_due | not)'
  says '.generation == "renewed" and ([.steps[] | select(.step == "retire") | .done] == [false])'
  says '.error.subject == ([.certificates[] | select(.role == "sign") | .key_id][0])'
  [ "$(keys)" -eq 1 ]
  run --separate-stderr verify
  [ "$status" -eq 1 ]
  says '[.checks[] | select(.check == "key_match") | [.result, .reason]] | sort == [["failed", "key_missing"], ["ok", null]]'
  run --separate-stderr renew resume --json
  says '.result == "nothing_to_resume"'
}

@test "a lost key is told in both languages, and that nothing more may be removed" {
  told key-too --retire-old
  [ "$status" -eq 6 ]
  [[ $said_en == *"private key along"*"use no --retire-old"*"has no private key any more"* && $said_en != *RENEWED* ]]
  [[ $said_zh == *私钥也一起删掉*"不要再用 --retire-old"*已没有私钥* ]]
}

@test "a certificate that the driver does not let go is told, and the renewal stands" {
  rough no-removal run --separate-stderr renew run --ca-url "$CA_URL" --retire-old --json
  [ "$status" -eq 0 ]
  says '.result == "renewed" and ([.certificates[].old_removed] | any | not)'
  says '[.leftovers[] | .class, .error.call, .error.ckr] == ["certificate", "C_DestroyObject", "CKR_ACTION_PROHIBITED"]'
  verify >/dev/null
  run --separate-stderr renew resume --json
  says '.result == "nothing_to_resume"'
  told no-removal --retire-old
  [ "$status" -eq 0 ]
  [[ $said_en == *RENEWED*"could not be removed"*CKR_ACTION_PROHIBITED* && $said_zh == *没有删掉*CKR_ACTION_PROHIBITED* ]]
}

@test "in a batch a certificate that the driver does not let go is told with its token" {
  rough no-removal run --separate-stderr ukey batch run -t "$DUE" --pin-file "$PIN" --no-open-bids --yes --ca-url "$CA_URL" --retire-old --json
  [ "$status" -eq 0 ]
  [[ $(tr -s ' \n' ' ' <<<"$stderr") == *"$DUE"*"could not be removed"* ]]
}

@test "a key pair made in vain that the driver does not let go is told, and the former ones are whole" {
  rough no-removal run --separate-stderr renew run --ca-command /bin/false --rekey --json
  [ "$status" -eq 9 ]
  rough no-removal run --separate-stderr renew resume --undo --json
  [ "$status" -eq 0 ]
  says '.result == "undone" and .generation == "former" and [.leftovers[].class] == ["private_key"]'
  verify >/dev/null
  run --separate-stderr renew resume --json
  says '.result == "nothing_to_resume"'
}

@test "what was read, and the status of the work, stand whatever the driver does at its end" {
  local end
  printf 99999999 >wrong
  for end in end-crash end-abort end-exit unload-crash; do
    rough $end run --separate-stderr ukey list -t "$DUE" --json
    echo "$end: exit $status $stderr"
    [ "$status" -eq 0 ]
    [ -z "$stderr" ]
    says '.tokens | length == 1'
    rough $end run --separate-stderr ukey pin verify -t "$DUE" --pin-file wrong --json
    [ "$status" -eq 5 ]
    says '.error.code == "pin_wrong"'
    rough $end run --separate-stderr ukey renew check -t "$SUB" --json --as-of 2001-01-01
    [ "$status" -eq 1 ]
    says '.renewal.verdict == "not_yet_valid"'
  done
}

@test "a renewal is recorded and told as done whatever the driver does at its end" {
  local end
  for end in end-crash end-abort end-exit unload-crash; do
    anew
    rough $end run --separate-stderr renew run --ca-url "$CA_URL" --json
    [ "$status" -eq 0 ]
    says '.result == "renewed" and (.resume_due | not)'
    ukey batch status -t "$DUE" --json | jq -e '[.attempts[].result] == ["renewed"]'
    anew
    rough $end run --separate-stderr ukey batch run -t "$DUE" --pin-file "$PIN" --no-open-bids --yes --ca-url "$CA_URL" --json
    [ "$status" -eq 0 ]
    jq -se '[.[] | select(.event == "item") | .result] == ["renewed"]' <<<"$output"
  done
}

@test "a watch ends with its own status whatever the driver does at its end" {
  local end
  for end in end-crash end-exit unload-crash; do
    rough $end run --separate-stderr ukey watch --for 1 --json
    [ "$status" -eq 0 ]
    jq -se '[.[] | select(.event == "present")] | length > 0' <<<"$output"
  done
}

@test "a driver that does not initialise is told with its answer, whatever it does when it is unloaded" {
  UKEY_PRACTICE_FAULT=C_Initialize=0x80000384 rough unload-crash run --separate-stderr ukey list --json
  [ "$status" -eq 3 ]
  says '.error.code == "module_broken" and .error.call == "C_Initialize" and .error.rv == "0x80000384"'
}
