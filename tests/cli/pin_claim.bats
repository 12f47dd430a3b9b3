#!/usr/bin/env bats
# shellcheck disable=SC2016,SC2030,SC2031,SC2154 # variables of jq; bats sets and reads the others
# Runs that would send a PIN to one token at the same time: one of them does, the others are told that it is busy, and
# together they never spend the last try. Runs that send no PIN go on beside them.

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
  export XDG_STATE_HOME=$BATS_TEST_TMPDIR/state
}

# at_once COUNT WORD…: so many runs at the same time; the number of each exit status in `ended`, the documents in out.N.
at_once() {
  local count=$1 number pids=()
  shift
  for number in $(seq "$count"); do
    ukey "$@" --json >"out.$number" 2>"err.$number" 3>&- &
    pids+=($!)
  done
  declare -gA ended=()
  for number in "${pids[@]}"; do
    status=0
    wait "$number" || status=$?
    ended[$status]=$((${ended[$status]-0} + 1))
  done
  declare -p ended
}

failures() { sed -n "s/^user_failures //p" "$(grep -lxF "label ${LABEL[$1]}" "$UKEY_PRACTICE"/state/*)"; }

@test "of eight wrong PINs at once each try was claimed, the others were not sent" {
  export UKEY_PRACTICE_DELAY_MS=20
  at_once 8 pin verify -m practice -t "${LABEL[master]}" --pin-file wrong
  [ "$((${ended[5]-0} + ${ended[8]-0}))" -eq 8 ]
  [ "${ended[5]}" -ge 1 ]
  # not sent either: what finds the last try left
  jq -s -e '[.[].error.code] | unique - ["busy", "pin_not_sent"] == ["pin_wrong"]' out.*
  [ "$(failures master)" -eq "$(jq -r .error.code out.* | grep -c pin_wrong)" ]
}

claimed() { compgen -G "$1/ukey/claims/*.lock" >/dev/null; }

@test "another user of this machine, whose records lie elsewhere, is held off too" {
  mkfifo gate
  XDG_STATE_HOME=$PWD/others ukey pin verify -m practice -t "${LABEL[master]}" --pin-command 'cat gate' --json >first 3>&- &
  await claimed others
  run --separate-stderr ukey pin verify -m practice -t "${LABEL[master]}" --pin-file right --json
  cat right >gate
  wait $!
  [ "$status" -eq 8 ]
  says '.error.code == "busy"'
  jq -e '.result == "ok"' first
  ukey pin verify -m practice -t "${LABEL[master]}" --pin-file right
}

@test "however many wrong PINs at once, the last try is never spent unasked" {
  export UKEY_PRACTICE_DELAY_MS=5
  local round
  for round in 1 2 3 4 5 6 7 8; do
    case $((round % 3)) in
      0) at_once 6 pin verify -m practice -t "${LABEL[expert]}" --pin-file wrong ;;
      1) at_once 6 pin change --yes -m practice -t "${LABEL[expert]}" --pin-file wrong --new-pin-file fresh ;;
      2) at_once 6 lock -m practice -t "${LABEL[expert]}" --pin-file wrong ;;
    esac
    [ "$(failures expert)" -le 5 ]
  done
  run --separate-stderr ukey pin status --json -m practice -t "${LABEL[expert]}"
  says '.pin.user == "final_try"'
}

# busy WORD…: refused by another run's claim in both languages, and nothing was sent.
busy() {
  env -u FAKE_TOKEN_STOP "$UKEY_BIN" "$@" -m "$FAKE" --json --trace=trace >out 2>err && return 1
  [ "$?" -eq 8 ]
  jq -e '.error.code == "busy" and (.error.subject | contains(env.FAKE_TOKEN_SERIAL))' out
  run ! grep -E '^C_(Login|SetPIN|InitPIN)' trace
}

@test "whatever would send a PIN is held off by whatever sends one, and goes on after it" {
  stopped 'C_Login(USER)' "$UKEY_BIN" pin verify -m "$FAKE" --pin-file right
  busy pin verify --pin-file right
  busy pin change --yes --pin-file right --new-pin-file fresh
  busy pin unlock --yes --so-pin-file so --new-pin-file fresh
  busy lock --pin-file right
  busy cert list --pin-file right
  busy object list --pin-file right
  local lang
  for lang in en zh; do
    UKEY_LANG=$lang run --separate-stderr env -u FAKE_TOKEN_STOP "$UKEY_BIN" pin verify -m "$FAKE" --pin-file right
    [ "$status" -eq 8 ]
    [[ $stderr == *"$FAKE_TOKEN_SERIAL"* ]]
  done
  let_go
  [ "$status" -eq 0 ]
  unset FAKE_TOKEN_STOP
  run --separate-stderr ukey pin verify -m "$FAKE" --pin-file right
  [ "$status" -eq 0 ]
}

@test "a run that only looks is not held off" {
  stopped 'C_Login(USER)' "$UKEY_BIN" pin verify -m "$FAKE" --pin-file right
  unset FAKE_TOKEN_STOP
  local words
  for words in 'pin status' status list 'cert list' 'object list'; do
    # shellcheck disable=SC2086 # a list of words
    run --separate-stderr ukey $words --json -m "$FAKE"
    echo "$words: $status $output"
    [ "$status" -ne 8 ]
  done
  let_go
}

@test "a claim lasts until after the logout and ends with a process that is killed" {
  stopped C_Logout "$UKEY_BIN" pin verify -m "$FAKE" --pin-file right
  busy pin verify --pin-file right
  kill -KILL "$pid"
  wait "$pid" || true
  unset FAKE_TOKEN_STOP
  run --separate-stderr ukey pin verify -m "$FAKE" --pin-file right
  [ "$status" -eq 0 ]
}

@test "two tokens do not wait for each other" {
  export UKEY_PRACTICE_DELAY_MS=20
  ukey pin verify --json -m practice -t "${LABEL[master]}" --pin-file right >one 3>&- &
  local first=$!
  run --separate-stderr ukey pin verify --json -m practice -t "${LABEL[jsca]}" --pin-file right
  [ "$status" -eq 0 ]
  wait "$first"
}

@test "claims lie in the state folder, for their owner alone, empty, and stay" {
  umask 000
  run --separate-stderr ukey pin verify -m "$FAKE" --pin-file right
  [ "$status" -eq 0 ]
  [ "$(stat -c %a state state/ukey state/ukey/claims | sort -u)" = 700 ]
  [ "$(find state -type f -printf '%m %s\n')" = "600 0" ]
  unset XDG_STATE_HOME
  HOME=$PWD/home run --separate-stderr ukey pin verify -m "$FAKE" --pin-file right
  [ "$status" -eq 0 ]
  [ "$(find home/.local/state/ukey -type f | wc -l)" -eq 1 ]
  XDG_STATE_HOME=relative HOME=$PWD/home run --separate-stderr ukey pin verify -m "$FAKE" --pin-file right
  [ "$status" -eq 0 ]
  [ ! -e relative ]
}

@test "without a place for the claim no PIN is sent, and whoever only looks does not need one" {
  : >file
  export XDG_STATE_HOME=$PWD/file
  run --separate-stderr ukey pin verify --json -m "$FAKE" --pin-file right --trace=trace
  [ "$status" -eq 7 ]
  says '.error.code == "file_io" and (.error.subject | endswith("/file"))'
  run ! grep '^C_Login' trace
  run --separate-stderr ukey pin status --json -m "$FAKE"
  [ "$status" -eq 0 ]
  unset XDG_STATE_HOME
  run --separate-stderr env -u HOME UKEY_LANG=en "$UKEY_BIN" pin verify --json -m "$FAKE" --pin-file right
  [ "$status" -eq 7 ]
  says '.error.subject == "HOME"'
  run --separate-stderr env -u HOME "$UKEY_BIN" pin status --json -m "$FAKE"
  [ "$status" -eq 0 ]
}
