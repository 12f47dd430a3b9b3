#!/usr/bin/env bats
# shellcheck disable=SC2016,SC2030,SC2031,SC2154 # variables of jq; bats sets and reads the others
# Where a PIN must not be found: in files, in what the program says, traces or logs, among the words of its command
# line, in the environment of its children, in a core, nor, once it was used, in the program's own memory. The token is
# a fake one that keeps no PIN, so that what is found is the program's.

load stage
load pin

# Like no other text of this machine. Longer than pieces of them could stand anywhere by chance.
OLD=Zq7-old-Kw31-Xv09 SO=Zq7-sop-Jm52-Yc18 NEW=Zq7-new-Ht64-Bd27

setup_file() {
  quiet_environment
  fake_module
}

setup() {
  forgive_leaks
  mkdir -p "$BATS_TEST_TMPDIR/run" "$BATS_TEST_TMPDIR/given"
  cd "$BATS_TEST_TMPDIR/run" || return 1
  export HOME=$PWD/home TMPDIR=$PWD/tmp given=$BATS_TEST_TMPDIR/given
  mkdir home tmp
  printf %s "$OLD" >"$given/old"
  printf %s "$SO" >"$given/so"
  printf %s "$NEW" >"$given/new"
  chmod 600 "$given"/*
  # A second holder of the PINs, read only by commands.
  printf '#!/bin/sh\ntr "a-zA-Z0-9" "n-za-mN-ZA-M5-90-4" <%s/$1.masked\n' "$given" >"$given/giver"
  chmod +x "$given/giver"
  for word in old so new; do tr "a-zA-Z0-9" "n-za-mN-ZA-M5-90-4" <"$given/$word" >"$given/$word.masked"; done
}

teardown() { [ -z "${pid-}" ] || kill -KILL "$pid" 2>/dev/null || true; }

# No PIN, nor a half of one, stands in any file here.
unwritten() {
  local word
  for word in "$OLD" "$SO" "$NEW" old-Kw31 sop-Jm52 new-Ht64; do
    run ! grep -raF -- "$word" .
    [ -z "$output" ]
  done
}

# WORDS of the pin commands with the PINs from one kind of source.
from() {
  case $1-$2 in
    file-verify) echo "verify --pin-file $given/old" ;;
    file-change) echo "change --yes --pin-file $given/old --new-pin-file $given/new" ;;
    file-unlock) echo "unlock --yes --so-pin-file $given/so --new-pin-file $given/new" ;;
    env-verify) echo "verify --pin-env MY_OLD" ;;
    env-change) echo "change --yes --pin-env MY_OLD --new-pin-env MY_NEW" ;;
    env-unlock) echo "unlock --yes --so-pin-env MY_SO --new-pin-env MY_NEW" ;;
    stdin-verify) echo "verify --pin-stdin" ;;
    stdin-change) echo "change --yes --pin-stdin --new-pin-file $given/new" ;;
    stdin-unlock) echo "unlock --yes --so-pin-stdin --new-pin-file $given/new" ;;
  esac
}

# The call that the first of the PINs is for.
used_by() {
  case $1 in
    verify) echo 'C_Login(USER)' ;;
    change) echo C_SetPIN ;;
    unlock) echo 'C_Login(SO)' ;;
  esac
}

# begin CALL KIND WHAT: the command, stopped in that call.
begin() {
  local kind=$2 what=$3 stdin=/dev/null words
  if [ "$kind" = stdin ]; then stdin=$given/$([ "$what" = unlock ] && echo so || echo old); fi
  if [ "$kind" = env ]; then # those that the command names; of others the program cannot know
    [ "$what" = unlock ] || export MY_OLD=$OLD
    [ "$what" != unlock ] || export MY_SO=$SO
    [ "$what" = verify ] || export MY_NEW=$NEW
  fi
  if [ "$kind" = command ]; then
    words=(--pin-command "$given/giver old")
    [ "$what" = verify ] || words=(--new-pin-command "$given/giver new" --yes)
    [ "$what" != change ] || words+=(--pin-command "$given/giver old")
    [ "$what" != unlock ] || words+=(--so-pin-command "$given/giver so")
    words=("$what" "${words[@]}")
  else
    read -ra words <<<"$(from "$kind" "$what")"
  fi
  stopped "$1" "$UKEY_BIN" pin "${words[@]}" -m "$FAKE" --json --trace=trace <"$stdin"
  unset MY_OLD MY_SO MY_NEW
}

@test "no file, output, trace or command line has a PIN, from whatever source it came" {
  local kind what
  for kind in file env stdin command; do
    for what in verify change unlock; do
      begin "$(used_by $what)" "$kind" "$what"
      tr '\0' ' ' <"/proc/$pid/cmdline" >cmdline
      ls -l "/proc/$pid/fd" >descriptors
      unwritten
      let_go
      echo "$kind $what: exit $status" && cat stderr
      [ "$status" -eq 0 ]
      [ -s trace ]
      [ -s stdout ]
      unwritten
    done
  done
}

@test "a log of what was done has no PIN, and says who, when, which token and the result" {
  local day
  day=$(date -u +%F)
  read -ra words <<<"$(from file unlock)"
  run --separate-stderr ukey pin "${words[@]}" -m "$FAKE" --log log
  [ "$status" -eq 0 ]
  read -ra words <<<"$(from file change)"
  run --separate-stderr ukey pin "${words[@]}" -m "$FAKE" --log log
  [ "$status" -eq 0 ]
  cat log
  [ "$(grep -c . log)" -ge 2 ]
  grep -q "$FAKE_TOKEN_SERIAL" log
  grep -q "$(id -un)" log
  grep -q "$day" log || grep -q "$(date -u +%F)" log # midnight came
  [ "$(stat -c %a log)" = 600 ]
  echo "$output $stderr" >said
  unwritten
}

@test "what a person is told has no PIN, done, refused or failed, in both languages" {
  local lang what
  for lang in en zh; do
    for what in verify change unlock; do
      read -ra words <<<"$(from file $what)"
      UKEY_LANG=$lang ukey pin "${words[@]}" -m "$FAKE" --trace >>said 2>&1
      cp "$given/new" "$given/kept"
      printf '%s%064d' "$NEW" 0 >"$given/new" # too long for this token
      UKEY_LANG=$lang ukey pin "${words[@]}" -m "$FAKE" --trace >>said 2>&1 || true
      printf '%s\n%s' "$NEW" "$NEW" >"$given/new"
      UKEY_LANG=$lang ukey pin "${words[@]}" -m "$FAKE" --trace >>said 2>&1 || true
      mv "$given/kept" "$given/new"
    done
  done
  [ -s said ]
  unwritten
}

@test "the probe finds a PIN while it is needed" {
  readable
  begin "C_Login(USER)" file verify
  remembered "$OLD"
  let_go
  [ "$status" -eq 0 ]
}

readable() { [ "$(id -u)" -eq 0 ] || skip "only root may read the memory of a program that has a PIN"; }

# forgotten CALL KIND WHAT PIN…: none of these PINs is in the memory of the program stopped there.
forgotten() {
  local call=$1 kind=$2 what=$3 word
  shift 3
  readable
  begin "$call" "$kind" "$what"
  for word; do
    run remembered "$word"
    echo "$kind $what, in $call: $word: $output"
    [ "$status" -eq 1 ]
  done
  let_go
  [ "$status" -eq 0 ]
}

@test "a PIN from a file or standard input is not in memory after its use" {
  local kind
  for kind in file stdin; do
    forgotten C_Finalize "$kind" verify "$OLD"
    forgotten C_Finalize "$kind" change "$OLD" "$NEW"
    forgotten C_Finalize "$kind" unlock "$SO" "$NEW"
  done
}

@test "a PIN from a command is not in memory after its use" {
  forgotten C_Finalize command verify "$OLD"
  forgotten C_Finalize command change "$OLD" "$NEW"
  forgotten C_Finalize command unlock "$SO" "$NEW"
}

@test "a PIN from the environment is not in memory after its use, nor in the environment" {
  readable
  local what word
  for what in verify change unlock; do
    begin C_Finalize env "$what"
    run ! grep -aqE 'Zq7-(old|sop|new)-' "/proc/$pid/environ"
    for word in "$OLD" "$SO" "$NEW"; do
      run remembered "$word"
      # A sanitizer maps a copy of the first environment for itself: that one is not the program's.
      output=$(grep -vE ' in 7f[0-9a-f]+-[0-9a-f]+ rw-p 0+ 00:00 0 *$' <<<"$output" || true)
      echo "$what: $word: $output"
      [ -z "$output" ]
    done
    let_go
  done
}

@test "the SO PIN is not in memory any more when the user logs in with the new one" {
  forgotten "C_Login(USER)" file unlock "$SO"
}

@test "a PIN typed is not in memory after its use" {
  needs expect
  readable
  export FAKE_TOKEN_STOP=C_Finalize FAKE_TOKEN_STOPPED=$BATS_TEST_TMPDIR/stopped pid
  at_terminal 'PIN of' "$OLD\r" -- sh -c 'echo $$ >number; exec "$@"' sh "$UKEY_BIN" pin verify -m "$FAKE" \
    >terminal.log &
  local waiting=$!
  await_of "$waiting" [ -e "$FAKE_TOKEN_STOPPED" ]
  pid=$(cat number)
  run remembered "$OLD"
  echo "$output"
  [ "$status" -eq 1 ]
  rm "$FAKE_TOKEN_STOPPED"
  wait "$waiting"
  unwritten
}

@test "a program that dies while it has a PIN leaves no core with it" {
  [ "$(cat /proc/sys/kernel/core_pattern)" = core ] || skip "cores go elsewhere on this machine"
  ulimit -c unlimited 2>/dev/null || skip "cores are forbidden here"
  (cd tmp && sh -c 'kill -ABRT $$') || true
  [ -n "$(find tmp -name 'core*')" ] || skip "no core is written here"
  rm -f tmp/core*
  # A sanitizer forbids cores by itself, which would prove nothing.
  export ASAN_OPTIONS=${ASAN_OPTIONS-}:disable_coredump=0
  begin "C_Login(USER)" file verify
  kill -ABRT "$pid"
  let_go
  [ "$status" -eq 134 ]
  [ -z "$(find . -name 'core*')" ]
  unwritten
}

@test "a command that gives one PIN sees none of the others" {
  printf '#!/bin/sh\n{ env; cat; ls -l /proc/$$/fd; tr "\\0" " " </proc/$PPID/cmdline; } >seen 2>&1\n"%s/giver" new\n' \
    "$given" >"$given/spy"
  chmod +x "$given/spy"
  export MY_SO=$SO MY_OLD=$OLD
  run --separate-stderr ukey pin unlock --yes -m "$FAKE" --so-pin-env MY_SO --new-pin-command "$given/spy"
  echo "$output $stderr"
  [ "$status" -eq 0 ]
  grep -q ^PATH= seen
  run ! grep -F "$SO" seen
  run --separate-stderr ukey pin change --yes -m "$FAKE" --pin-env MY_OLD --new-pin-command "$given/spy"
  [ "$status" -eq 0 ]
  run ! grep -F "$OLD" seen
  unset MY_SO MY_OLD
  run --separate-stderr ukey pin unlock --yes -m "$FAKE" --so-pin-stdin --new-pin-command "$given/spy" <"$given/so"
  echo "$output $stderr"
  [ "$status" -eq 0 ]
  run ! grep -F "$SO" seen
}

@test "one standard input is not asked for two PINs" {
  run --separate-stderr ukey pin unlock --yes --json -m "$FAKE" --so-pin-stdin --new-pin-stdin <"$given/so"
  echo "$output"
  [ "$status" -eq 2 ]
  says '.error.code == "usage"'
}
