#!/usr/bin/env bats
# shellcheck disable=SC2016,SC2030,SC2031,SC2154 # variables of jq; bats sets and reads the others
# Ctrl-C while a module's call is under way: the run ends at once with status 130, and says so.

load stage
load pin

setup_file() {
  quiet_environment
  fake_module
}

setup() {
  cd "$BATS_TEST_TMPDIR" || return 1
  forgive_leaks
  umask 077
  printf %s "$PRACTICE_PIN" | tee right >status
}

# A shell lets what it runs in the background ignore SIGINT; this does not.
listening=(env --default-signal=INT "$UKEY_BIN")

@test "an interrupt inside a call is one document with --json, and exit 130" {
  local call
  for call in C_Initialize 'C_Login(USER)' C_Logout; do
    rm -f stopped
    # The options before the command have values that look like commands.
    stopped "$call" "${listening[@]}" -m "$FAKE" --pin-file status pin verify --json
    kill -INT "$pid"
    let_go
    echo "$call: $status" && cat stdout stderr
    [ "$status" -eq 130 ]
    output=$(cat stdout)
    says '.schema == "ukey/1" and .command == "pin verify" and .error.code == "interrupted"'
    [ ! -s stderr ]
  done
}

@test "an end by a signal once the answer is out changes neither the answer nor the exit status" {
  local signal
  for signal in INT TERM HUP; do
    rm -f stopped
    stopped C_Finalize "${listening[@]}" -m "$FAKE" --pin-file right pin verify --json
    kill "-$signal" "$pid"
    let_go
    echo "$signal: $status" && cat stdout stderr
    [ "$status" -eq 0 ]
    output=$(cat stdout)
    says '.command == "pin verify" and .result == "ok" and (has("error") | not)'
    [ ! -s stderr ]
  done
}

@test "a driver that hangs at its end is given up after --timeout, and the answer stands" {
  stopped C_Finalize "$UKEY_BIN" -m "$FAKE" --pin-file right pin verify --json --timeout 0.5
  status=0
  wait "$pid" || status=$?
  [ -e stopped ] # it hung to the end
  [ "$status" -eq 0 ]
  output=$(cat stdout)
  says '.result == "ok"'
}

@test "an interrupt inside a call is told in both languages without --json" {
  local lang
  for lang in en zh; do
    export UKEY_LANG=$lang
    rm -f stopped
    stopped 'C_Login(USER)' "${listening[@]}" pin verify -m "$FAKE" --pin-file right
    kill -INT "$pid"
    let_go
    [ "$status" -eq 130 ]
    [ ! -s stdout ]
    cp stderr "said_$lang"
    [[ $(head -n 1 stderr) == "ukey: "?* && $(cat stderr) == *"ukey pin status"* ]]
  done
  run ! cmp -s said_en said_zh
}

later_than() { [[ $(date -u +%FT%TZ) > $1 ]]; }

@test "an interrupt inside a call leaves the record of what was begun, with the time of each line" {
  stopped 'C_Login(USER)' "${listening[@]}" pin verify --json -m "$FAKE" --pin-file right --log log
  jq -e '.result == "begun" and .error == null and .token.serial == env.FAKE_TOKEN_SERIAL' log
  kill -INT "$pid"
  let_go
  [ "$status" -eq 130 ]
  [ "$(jq -r .result log)" = begun ]
  rm -f stopped log
  stopped 'C_Login(USER)' "${listening[@]}" pin verify --json -m "$FAKE" --pin-file right --log log
  await later_than "$(jq -r .time log)"
  let_go
  [ "$status" -eq 0 ]
  [ "$(jq -rs 'map(.result) | join(" ")' log)" = 'begun ok' ]
  jq -se '.[0].time < .[1].time' log
}

@test "a PIN command that was ended by ctrl-C, or says so, is an interrupt, and nothing was sent" {
  local ending
  # shellcheck disable=SC2016 # for the child
  for ending in 'kill -INT $$' 'exit 130'; do
    run --separate-stderr ukey pin verify --json -m "$FAKE" --pin-command "sh -c '$ending'" --trace=trace --log log
    [ "$status" -eq 130 ]
    says '.error.code == "interrupted"'
    run ! grep '^C_Login' trace
  done
  [ "$(jq -rs 'map(.result + " " + .error) | unique[]' log)" = 'failed interrupted' ]
}

@test "a run that ignores interrupts, as in the background of a script, goes on" {
  stopped 'C_Login(USER)' env --ignore-signal=INT "$UKEY_BIN" pin verify --json -m "$FAKE" --pin-file right
  kill -INT "$pid"
  let_go
  [ "$status" -eq 0 ]
  output=$(cat stdout)
  says '.result == "ok"'
}
