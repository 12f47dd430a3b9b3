#!/usr/bin/env bats
# shellcheck disable=SC2016,SC2030,SC2031,SC2154 # variables of jq; bats sets and reads the others
# Drivers that are missing, broken, hanging or answer nonsense, and tokens that cannot be told apart: refused with the
# documented status, never hidden, and never at the cost of a driver that works.

load stage

setup_file() {
  quiet_environment
  drawer
  export BEFORE
  BEFORE=$(fingerprint "$UKEY_PRACTICE")
}

setup() { cd "$BATS_TEST_TMPDIR" || return 1; }

teardown() { [ "$(fingerprint "$UKEY_PRACTICE")" = "$BEFORE" ]; }

@test "a module that is not there is refused" {
  refused 3 -m /nonexistent/module.so status
  [[ $said_en == *"/nonexistent/module.so"* && $said_zh == *"/nonexistent/module.so"* ]]
  run --separate-stderr ukey -m /nonexistent/module.so status --json
  [ "$status" -eq 3 ]
  says '.error.code == "no_module" and .error.subject == "/nonexistent/module.so" and .error.rv == null'
}

@test "a text file as module is refused with what the loader answered" {
  echo 'no library' >text.so
  refused 3 -m ./text.so status
  [[ $said_en == *"/text.so"* && $said_en == *"dlopen -> "* && $said_zh == *"dlopen -> "* ]]
  : >empty.so
  refused 3 -m ./empty.so list
  mkdir folder.so
  refused 3 -m ./folder.so list
}

@test "a library that is no PKCS#11 module is refused with the function that it lacks" {
  refused 3 -m libc.so.6 status
  [[ $said_en == *"libc.so.6"* && $said_en == *"C_GetFunctionList"* && $said_zh == *"C_GetFunctionList"* ]]
}

@test "UKEY_MODULE is refused like -m, which beats it" {
  UKEY_MODULE=/nonexistent/one.so refused 3 status
  [[ $said_en == *"/nonexistent/one.so"* ]]
  UKEY_MODULE=/nonexistent/one.so run --separate-stderr ukey -m practice list
  [ "$status" -eq 0 ]
  [ -z "$stderr" ]
}

@test "of two modules the broken one is named and the other is read all the same" {
  echo 'no library' >text.so
  local words
  for words in "-m practice -m ./text.so" "-m ./text.so -m practice"; do
    # shellcheck disable=SC2086 # a list of words
    run --separate-stderr ukey $words list
    [ "$status" -eq 0 ]
    [ "${#lines[@]}" -eq 10 ]
    [[ $stderr == *text.so* ]]
    # shellcheck disable=SC2086 # a list of words
    run --separate-stderr ukey $words status --json
    [ "$status" -eq 0 ]
    [ -z "$stderr" ]
    says '(.tokens | length == 9) and all(.tokens[]; .state == "ready")' \
      '[.modules[] | select(.state == "failed") | .error.code] == ["no_module"]'
  done
}

@test "modules in UKEY_MODULE are separated by colons" {
  UKEY_MODULE=/nonexistent/one.so:practice run --separate-stderr ukey list --json
  [ "$status" -eq 0 ]
  says '.tokens | length == 9'
  run --separate-stderr env UKEY_MODULE=/nonexistent/one.so:practice "$UKEY_BIN" status --json
  says '[.modules[].state] == ["failed","ready"]'
}

@test "without any token it is said that there is none" {
  UKEY_PRACTICE=$BATS_TEST_TMPDIR/none refused 4 -m practice status
  UKEY_PRACTICE=$BATS_TEST_TMPDIR/none refused 4 -m practice cert show
  refused 4 -m practice -t nosuch status
  [[ $said_en == *nosuch* && $said_zh == *nosuch* ]]
  run --separate-stderr ukey -m practice -t nosuch lock --json
  [ "$status" -eq 4 ]
  says '.error.code == "no_token" and .command == "lock"'
}

@test "a command on one token names all that fit, with their serials, before any login" {
  local serials serial words
  serials=$(ukey -m practice list --json | jq -r '.tokens[].token.serial')
  [ "$(wc -w <<<"$serials")" -eq 9 ]
  for words in "cert show" lock "renew check" "seal list" "object list" "mechanism list" "cert export"; do
    # shellcheck disable=SC2086 # a list of words
    run --separate-stderr ukey -m practice $words
    [ "$status" -eq 4 ]
    [ -z "$output" ]
    for serial in $serials; do [[ $stderr == *"$serial"* ]]; done
  done
  refused 4 -m practice lock --pin-env PATH --trace=trace
  [ "$(grep -c '^C_Login' trace)" -eq 0 ]
  run --separate-stderr ukey -m practice cert show --json
  says '.error.code == "ambiguous_token"'
}

@test "a selector that fits two tokens is ambiguous even for status" {
  refused 4 -m practice -t pkcs11:manufacturer=ukey status
  run --separate-stderr ukey -m practice -t pkcs11:manufacturer=ukey status --json
  says '.error.code == "ambiguous_token"'
  run --separate-stderr ukey -m practice -t "pkcs11:manufacturer=ukey;token=${LABEL[expert]}" status --json
  [ "$status" -eq 0 ]
  says '.tokens | length == 1'
}

@test "a serial, a label and a URI select the same token" {
  local serial uri
  read -r serial uri < <(ukey -m practice list --json | jq -r --arg name "${LABEL[jsca]}" \
    '.tokens[].token | select(.label == $name) | [.serial, .uri] | join(" ")')
  local selector
  for selector in "$serial" "${LABEL[jsca]}" "$uri" "pkcs11:serial=$serial"; do
    run --separate-stderr ukey -m practice -t "$selector" list --json
    [ "$status" -eq 0 ]
    says '[.tokens[].token.serial] == [$serial]' --arg serial "$serial"
  done
}

@test "a PIN for many tokens is refused before any login" {
  refused 4 -m practice status --pin-env PATH --trace=trace
  [ "$(grep -c '^C_Login' trace)" -eq 0 ]
}

@test "a module that hangs is given up after the limit" {
  export UKEY_PRACTICE_FAULT=C_GetTokenInfo=hang
  run --separate-stderr ukey -m practice --timeout 2 status --json
  [ "$status" -eq 3 ]
  says '.error | .code == "module_timeout" and .call == "C_GetTokenInfo" and .ckr == null and .rv == null'
  refused 3 -m practice --timeout 2 lock
  [[ $said_en == *ukey-practice.so* && $said_en == *C_GetTokenInfo* ]]
}

@test "a module that hangs does not hide the tokens of another" {
  needs softhsm2-util
  store other
  softhsm2-util --init-token --free --label other --so-pin 12345678 --pin "$SOFTHSM_PIN" >/dev/null
  export UKEY_PRACTICE_FAULT=C_GetTokenInfo=hang
  run --separate-stderr ukey -m practice -m "$(softhsm_module)" --timeout 2 list
  [ "$status" -eq 0 ]
  [[ $output == *other* && $stderr == *ukey-practice.so* ]]
  run --separate-stderr ukey -m practice -m "$(softhsm_module)" --timeout 2 status --json
  says '[.tokens[].token.label] == ["other"] and [.modules[].state] == ["failed","ready"]' \
    '.modules[0].error | .code == "module_timeout" and .call == "C_GetTokenInfo"'
}

@test "a module that hangs is named even when the others hold no token" {
  store empty
  UKEY_PRACTICE_FAULT=C_GetTokenInfo=hang run --separate-stderr ukey -m practice -m "$(softhsm_module)" --timeout 2 status
  [[ $status == 3 || $status == 4 ]]
  [ -z "$output" ]
  [[ $stderr == *ukey-practice.so* ]]
}

@test "a token that hangs while it is read costs its module alone" {
  needs softhsm2-util
  store second
  softhsm2-util --init-token --free --label other --so-pin 12345678 --pin "$SOFTHSM_PIN" >/dev/null
  UKEY_PRACTICE_FAULT=C_FindObjectsInit=hang run --separate-stderr ukey -m practice -m "$(softhsm_module)" --timeout 2 status --json
  [ "$status" -eq 0 ]
  says '.tokens | length == 10' \
    '[.tokens[] | select(.token.label == "other") | .state] == ["ready"]' \
    '[.tokens[] | select(.token.label != "other") | .error.code] | unique == ["module_timeout"]'
}

@test "a slow module within the limit is only slow" {
  UKEY_PRACTICE_DELAY_MS=20 run --separate-stderr ukey -m practice -t "${LABEL[master]}" --timeout 5 status --json
  [ "$status" -eq 0 ]
  says '.tokens[0].state == "ready"'
}

@test "a module that dies takes the program with it by a signal, not with a false success" {
  UKEY_PRACTICE_FAULT=C_FindObjectsInit:3=die run --separate-stderr ukey -m practice status --json
  [ "$status" -gt 128 ]
}

@test "the same token through two modules is shown once with both named" {
  local spy=/usr/lib/x86_64-linux-gnu/pkcs11-spy.so
  [ -e "$spy" ] || skip "OpenSC's pkcs11-spy.so is not installed"
  forgive_leaks
  PKCS11SPY=$(practice_module) PKCS11SPY_OUTPUT=$BATS_TEST_TMPDIR/spy.log run --separate-stderr ukey -m practice -m "$spy" list --json
  [ "$status" -eq 0 ]
  says '(.tokens | length == 9) and all(.tokens[].token.modules; length == 2)'
}
