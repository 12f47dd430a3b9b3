#!/usr/bin/env bats
# shellcheck disable=SC2016,SC2030,SC2031,SC2154 # variables of jq; bats sets and reads the others
# PINs typed by a person: at a terminal that must not show them and must be as it was afterwards, or on the token's own
# PIN pad, where nobody asks for them.

load stage
load pin

setup_file() {
  quiet_environment
  fake_module
}

setup() {
  cd "$BATS_TEST_TMPDIR" || return 1
  forgive_leaks
  drawer
  pin_files
}

@test "a PIN typed at the prompt is not shown, and is sent once" {
  at_practice master 'PIN of' "$PRACTICE_PIN\r" -- "$UKEY_BIN" pin verify
  [ "$status" -eq 0 ]
  [ "$(logins)" -eq 1 ]
  unseen "$PRACTICE_PIN"
  LC_ALL=C.UTF-8 grep -aqF "${LABEL[master]}" transcript
}

@test "a typing mistake is taken back with the erase key" {
  at_practice master 'PIN of' "${PRACTICE_PIN}77\x7f\x7f\r" -- "$UKEY_BIN" pin verify
  [ "$status" -eq 0 ]
}

@test "a wrong PIN typed is not asked for again in the same run" {
  at_practice master 'PIN of' "99999999\r" -- "$UKEY_BIN" pin verify
  [ "$status" -eq 5 ]
  [ "$(logins)" -eq 1 ]
  unseen 99999999
}

@test "in Chinese the prompt is answered alike" {
  UKEY_LANG=zh at_practice master '请输入' "$PRACTICE_PIN\r" -- "$UKEY_BIN" pin verify
  [ "$status" -eq 0 ]
  unseen "$PRACTICE_PIN"
}

@test "ctrl-U begins the PIN anew, ctrl-W takes a word, the erase key a whole character" {
  local typed
  for typed in "1234\x15$PRACTICE_PIN" "99 99\x17\x17$PRACTICE_PIN" "\u4e2d\x7f$PRACTICE_PIN" \
    "\x1b\x5bD\x15$PRACTICE_PIN"; do
    at_practice master 'PIN of' "$typed\r" -- "$UKEY_BIN" pin verify
    [ "$status" -eq 0 ]
    [ "$(logins)" -eq 1 ]
  done
}

@test "a control or arrow key in a PIN sends nothing, and is told" {
  local key
  for key in '\x1b\x5bD' '\x1a' '\x1c' '\x01' '\t'; do
    at_practice master 'PIN of' "$PRACTICE_PIN$key\r" -- "$UKEY_BIN" pin verify
    [ "$status" -eq 5 ]
    [ "$(logins)" -eq 0 ]
    grep -aq 'control or arrow key' transcript
    unseen "$PRACTICE_PIN"
  done
}

@test "ctrl-D after half a PIN sends nothing" {
  at_practice master 'PIN of' "1234\x04\r" -- "$UKEY_BIN" pin verify
  [ "$status" -eq 5 ]
  [ "$(logins)" -eq 0 ]
}

@test "a terminal that goes away in the middle of a PIN sends nothing" {
  needs expect
  export TOKEN=${LABEL[master]}
  expect -c '
    spawn -noecho sh -c {trap "" HUP; "$1" pin verify -m practice -t "$2" --trace=trace; echo $? >status} sh \
      $env(UKEY_BIN) $env(TOKEN)
    expect "PIN of"
    send -- 1234
    close' >/dev/null 3>&- || true
  await [ -s status ]
  [ "$(cat status)" -eq 130 ]
  [ "$(logins)" -eq 0 ]
}

@test "a hang-up that is ignored stays ignored after a prompt" {
  needs expect
  export TOKEN=${LABEL[master]}
  expect -c '
    spawn -noecho sh -c {trap "" HUP; "$1" pin verify -m practice -t "$2" --trace=trace --log log; echo $? >status} sh \
      $env(UKEY_BIN) $env(TOKEN)
    expect "PIN of"
    send -- "$env(PRACTICE_PIN)\r"
    close' >/dev/null 3>&- || true
  # Whether the line or the hang-up came first, the program came to its own end.
  await [ -s status ]
  [ "$(jq -rs 'map(.command) | unique[]' log)" = "pin verify" ]
}

@test "--pin-stdin at a terminal does not show the PIN" {
  at_practice master 'PIN of' "$PRACTICE_PIN\r" -- "$UKEY_BIN" pin verify --pin-stdin
  [ "$status" -eq 0 ]
  unseen "$PRACTICE_PIN"
}

@test "ctrl-C at the prompt sends nothing, restores the terminal and exits 130" {
  at_practice master 'PIN of' "1234\x03" -- "$UKEY_BIN" pin verify
  [ "$status" -eq 130 ]
  [ "$(logins)" -eq 0 ]
  unseen 1234
}

@test "ctrl-C at the question for a new PIN sends nothing, restores the terminal and exits 130" {
  at_practice master 'PIN of' "$PRACTICE_PIN\r" 'New PIN of' "4567\x03" -- "$UKEY_BIN" pin change --yes
  [ "$status" -eq 130 ]
  [ "$(grep -c '^C_SetPIN' trace)" -eq 0 ]
  unseen "$PRACTICE_PIN" 4567
}

@test "a program ended by a signal at the prompt leaves the terminal as it was" {
  local signal
  for signal in INT TERM; do
    at_practice master -- sh -c '(until grep -q "PIN of" transcript; do sleep 0.05; done; kill -'$signal' $$) & exec "$@"' \
      sh "$UKEY_BIN" pin verify
    [ "$status" -ge 128 ]
    [ "$(logins)" -eq 0 ]
    cmp stty-before stty-after
  done
}

@test "a new PIN is asked for twice, and set when both are the same" {
  at_practice master 'PIN of' "$PRACTICE_PIN\r" 'New PIN of' "24681357\r" 'Once more' "24681357\r" -- \
    "$UKEY_BIN" pin change --yes
  [ "$status" -eq 0 ]
  [ "$(grep -c '^C_SetPIN ' trace)" -eq 1 ]
  unseen "$PRACTICE_PIN" 24681357
  printf 24681357 >now
  run --separate-stderr ukey pin change --yes -m practice -t "${LABEL[master]}" --pin-file now --new-pin-file \
    <(printf %s "$PRACTICE_PIN")
  [ "$status" -eq 0 ]
}

@test "a new PIN typed differently the second time sends nothing" {
  at_practice master 'PIN of' "$PRACTICE_PIN\r" 'New PIN of' "24681357\r" 'Once more' "24681358\r" -- \
    "$UKEY_BIN" pin change --yes
  [ "$status" -eq 5 ]
  [ "$(logins)" -eq 0 ]
  [ "$(grep -c '^C_SetPIN' trace)" -eq 0 ]
  unseen "$PRACTICE_PIN" 24681357 24681358
}

@test "a new PIN typed differently at an unlock sends nothing, the SO PIN neither" {
  at_practice locked 'New PIN of' "24681357\r" 'Once more' "24681358\r" -- \
    "$UKEY_BIN" pin unlock --yes --so-pin-file so
  [ "$status" -eq 5 ]
  [ "$(logins)" -eq 0 ]
}

@test "an unlock of a token that is not locked says so and asks; no answer but yes goes on" {
  at_practice master 'y/N' "n\r" -- "$UKEY_BIN" pin unlock --so-pin-file so --new-pin-file fresh
  [ "$status" -eq 2 ]
  [ "$(logins)" -eq 0 ]
  grep -aqi 'not locked' transcript
  grep -aq 'this was not confirmed' transcript
}

@test "a new PIN that everybody knows is warned of, and set only with --yes" {
  local known
  for known in 111111 12345678 123456 000000 admin; do
    printf %s "$known" >known
    run --separate-stderr setsid -w "$UKEY_BIN" pin unlock -m practice -t "${LABEL[locked]}" --so-pin-file so \
      --new-pin-file known --trace=trace </dev/null
    echo "$known: exit $status: $stderr"
    [ "$status" -ne 0 ]
    [ "$(logins)" -eq 0 ]
  done
  run --separate-stderr setsid -w "$UKEY_BIN" pin change -m practice -t "${LABEL[jsca]}" --pin-file right \
    --new-pin-file right --trace=trace </dev/null
  [ "$status" -ne 0 ]
  [ "$(grep -c '^C_SetPIN' trace)" -eq 0 ]
}

@test "where PINs are typed on the token none is asked for, and none is sent" {
  export FAKE_TOKEN_PAD=1 FAKE_TOKEN_LOG=$BATS_TEST_TMPDIR/log
  run --separate-stderr setsid -w "$UKEY_BIN" pin verify -m "$FAKE" --json </dev/null
  echo "$output $stderr"
  [ "$status" -eq 0 ]
  [ "$(cat log)" = "C_Login USER null 0" ]
  rm log
  run --separate-stderr setsid -w "$UKEY_BIN" pin unlock --yes -m "$FAKE" --json </dev/null
  echo "$output $stderr"
  [ "$status" -eq 0 ]
  printf 'C_Login SO null 0\nC_InitPIN SO null 0\nC_Login USER null 0\n' | diff - log
  rm log
  run --separate-stderr setsid -w "$UKEY_BIN" pin change --yes -m "$FAKE" --json </dev/null
  echo "$output $stderr"
  [ "$status" -eq 0 ]
  grep -v '^C_Login USER null 0$' log | diff <(printf 'C_SetPIN old null 0\nC_SetPIN new null 0\n') -
}

@test "a PIN to be typed on the token is announced, each in its turn" {
  export FAKE_TOKEN_PAD=1
  run --separate-stderr setsid -w "$UKEY_BIN" pin unlock --yes -m "$FAKE" </dev/null
  [ "$status" -eq 0 ]
  [[ $stderr == *"SO PIN on the token"*"NEW PIN on the token"*"the PIN on the token"* ]]
  UKEY_LANG=zh run --separate-stderr setsid -w "$UKEY_BIN" lock --login -m "$FAKE" </dev/null
  [[ $stderr == *请在锁的键盘上输入PIN：* ]]
}

@test "PINs that were given for a token with a PIN pad are not read, and that is said" {
  export FAKE_TOKEN_PAD=1
  run --separate-stderr setsid -w "$UKEY_BIN" pin unlock --yes -m "$FAKE" --so-pin-file missing \
    --new-pin-command 'touch asked' </dev/null
  echo "$stderr"
  [ "$status" -eq 0 ]
  [ ! -e asked ]
  [[ $stderr == *"not used: --so-pin-file"*"SO PIN on the token"*"not used: --new-pin-command"*"NEW PIN on the token"* ]]
  UKEY_LANG=zh run --separate-stderr setsid -w "$UKEY_BIN" lock -m "$FAKE" --pin-stdin </dev/null
  [[ $stderr == *给出的不用：--pin-stdin* ]]
  run --separate-stderr setsid -w "$UKEY_BIN" pin verify -m "$FAKE" -t "pkcs11:serial=$FAKE_TOKEN_SERIAL?pin-source=file:missing" \
    </dev/null
  [ "$status" -eq 0 ]
  [[ $stderr == *"not used: pin-source"* ]]
  run --separate-stderr setsid -w "$UKEY_BIN" pin verify -m "$FAKE" </dev/null
  [[ $stderr != *"not used"* ]]
}

@test "without a terminal nothing is asked and nothing is sent" {
  local words
  for words in verify 'change --yes' 'unlock --yes'; do
    # shellcheck disable=SC2086 # a list of words
    run --separate-stderr setsid -w "$UKEY_BIN" pin $words --json -m practice -t "${LABEL[master]}" \
      --trace=trace </dev/null
    [ "$status" -eq 5 ]
    says '.error.code == "pin_missing"'
    [ "$(logins)" -eq 0 ]
  done
}
