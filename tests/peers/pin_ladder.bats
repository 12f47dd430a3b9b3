#!/usr/bin/env bats
# shellcheck disable=SC2016,SC2030,SC2031,SC2153,SC2154 # variables of jq; bats sets and reads the others
# The whole ladder of wrong PINs, down to locked and up again, on a token whose locking other people wrote
# (openCryptoki's software token) and on a practice token; each state is read by OpenSC's pkcs11-tool as well. SoftHSM
# never locks: there a PIN is verified and changed.

load ../cli/stage
load ../cli/pin
load opencryptoki

setup_file() { quiet_environment; }

setup() {
  needs pkcs11-tool
  forgive_leaks
  cd "$BATS_TEST_TMPDIR" || return 1
  pin_files
}

teardown() { ock_stop; }

# The stage of a ladder: how programs are run (in), on which module and token, with which PINs.
on_opencryptoki() {
  find "$OCK_STORE" -exec stat -c '%n %i %a %s %y' {} + | sort >store-before
  ock_start
  in=ock module=$OCK_MODULE label=$OCK_LABEL limit=3
  printf %s "$OCK_USER_PIN" >right
  printf %s "$OCK_SO_PIN" >so
}

on_practice() {
  drawer
  sed -i 's/^limit .*/limit 4/' "$UKEY_PRACTICE"/state/*
  in=env module=$(practice_module) label=${LABEL[$1]} limit=4
}

# pin WORD…: a command of the family, as one document, with a trace in the file `trace`.
pin() { "$in" "$UKEY_BIN" pin "$@" --json -m "$module" -t "$label" --trace=trace; }

logins() { grep -c '^C_Login ' trace || true; }

# The flags of this token as pkcs11-tool tells them.
flags_told() {
  "$in" pkcs11-tool --module "$module" -T |
    awk -v label="$label" '/token label/ {own = $0 ~ ": *" label " *$"} own && /token flags/ {print; exit}'
}

# state_told user|so: the state that the flags in `flags` mean.
state_told() {
  local who='user PIN'
  [ "$1" = user ] || who='SO PIN'
  case $flags in
    *"$who locked"*) echo locked ;;
    *"final $who try"*) echo final_try ;;
    *"$who count low"*) echo count_low ;;
    *"$who to be changed"*) echo to_be_changed ;;
    *"token flags"*) echo ok ;;
    *) echo "no flags of $label" ;;
  esac
}

# agreed USER SO: `pin status` tells these two states, without a login, and pkcs11-tool the same.
agreed() {
  local flags
  flags=$(flags_told)
  echo "expected: user $1, SO $2; pkcs11-tool: $flags"
  [ "$(state_told user) $(state_told so)" = "$1 $2" ]
  run --separate-stderr pin status
  [ "$status" -eq 0 ]
  says '.pin.user == $user and .pin.so == $so' --arg user "$1" --arg so "$2"
  [ "$(logins)" -eq 0 ]
}

# answers STATUS CODE LOGINS WORD…: the command fails so, after so many C_Login.
answers() {
  local expected=$1 code=$2 count=$3
  shift 3
  run --separate-stderr pin "$@"
  echo "pin $*: exit $status: $output $stderr"
  [ "$status" -eq "$expected" ]
  says '.error.code == $code' --arg code "$code"
  [ "$(logins)" -eq "$count" ]
}

unlock() { pin unlock --yes --new-pin-file fresh "$@"; }

# Wrong ones until the last but one is spent; the state is told after each.
down_to_final_try() {
  local who=$1 spent state=count_low # bats has an i of its own
  shift
  for ((spent = 1; spent < limit; ++spent)); do
    answers 5 pin_wrong 1 "$@"
    [ "$spent" -lt $((limit - 1)) ] || state=final_try
    if [ "$who" = user ]; then agreed $state ok; else agreed ok $state; fi
  done
}

user_ladder() {
  agreed ok ok
  run --separate-stderr pin verify --pin-file right
  [ "$status" -eq 0 ]
  down_to_final_try user verify --pin-file wrong
  # On the final try nothing is sent, be the PIN wrong or right.
  answers 5 pin_not_sent 0 verify --pin-file wrong
  answers 5 pin_not_sent 0 verify --pin-file right
  answers 5 pin_not_sent 0 change --yes --pin-file right --new-pin-file fresh
  agreed final_try ok
  answers 5 pin_wrong 1 verify --pin-file wrong --use-final-try
  agreed locked ok
  answers 5 pin_locked 0 verify --pin-file right --use-final-try
  answers 5 pin_locked 0 change --yes --pin-file right --new-pin-file fresh --use-final-try
  agreed locked ok
  run --separate-stderr unlock --so-pin-file so
  echo "$output $stderr"
  [ "$status" -eq 0 ]
  # One C_Login of the SO, one of the user with the new PIN.
  [ "$(logins)" -eq 2 ]
  agreed ok ok
  answers 5 pin_wrong 1 verify --pin-file right
  agreed count_low ok
  run --separate-stderr pin verify --pin-file fresh
  [ "$status" -eq 0 ]
  agreed ok ok
}

final_try_spent_well() {
  down_to_final_try user verify --pin-file wrong
  run --separate-stderr pin verify --pin-file right --use-final-try
  [ "$status" -eq 0 ]
  [ "$(logins)" -eq 1 ]
  agreed ok ok
}

so_ladder() {
  agreed ok ok
  down_to_final_try so unlock --yes --so-pin-file wrong --new-pin-file fresh
  answers 5 pin_not_sent 0 unlock --yes --so-pin-file wrong --new-pin-file fresh
  answers 5 pin_not_sent 0 unlock --yes --so-pin-file so --new-pin-file fresh
  agreed ok final_try
  answers 5 pin_wrong 1 unlock --yes --so-pin-file wrong --new-pin-file fresh --use-final-try
  agreed ok locked
  answers 5 pin_locked 0 unlock --yes --so-pin-file so --new-pin-file fresh --use-final-try
  agreed ok locked
}

@test "the user PIN of openCryptoki's token goes down the ladder and is unlocked" {
  on_opencryptoki
  user_ladder
}

@test "the final try of openCryptoki's token, allowed and right, brings all tries back" {
  on_opencryptoki
  final_try_spent_well
}

@test "the SO PIN of openCryptoki's token goes down the ladder, and is guarded on the final try" {
  on_opencryptoki
  so_ladder
}

@test "an SO PIN on its final try, allowed and right, unlocks openCryptoki's token" {
  on_opencryptoki
  down_to_final_try so unlock --yes --so-pin-file wrong --new-pin-file fresh
  run --separate-stderr unlock --so-pin-file so --use-final-try
  [ "$status" -eq 0 ]
  agreed ok ok
}

@test "the PIN of openCryptoki's token is changed, and no other length than it allows is sent" {
  on_opencryptoki
  run --separate-stderr pin status
  says '.pin.min_length == 4 and .pin.max_length == 8'
  printf 123 >short
  printf 135792468 >long
  answers 5 pin_invalid 0 change --yes --pin-file right --new-pin-file short
  answers 5 pin_invalid 0 change --yes --pin-file right --new-pin-file long
  answers 5 pin_invalid 0 unlock --yes --so-pin-file so --new-pin-file long
  agreed ok ok
  run --separate-stderr pin change --yes --pin-file right --new-pin-file fresh
  [ "$status" -eq 0 ]
  answers 5 pin_wrong 1 verify --pin-file right
  run --separate-stderr pin verify --pin-file fresh
  [ "$status" -eq 0 ]
}

@test "the machine's own openCryptoki is left alone by all this" {
  on_opencryptoki
  [ -e "$OCK_FOLDER/store/swtok/NVTOK.DAT" ]
  ock pgrep -x pkcsslotd
  run --separate-stderr pin verify --pin-file right
  [ "$status" -eq 0 ]
  ock_stop
  find "$OCK_STORE" -exec stat -c '%n %i %a %s %y' {} + | sort | diff store-before -
  run ! kill -0 "$OCK_INSIDE"
}

@test "the user PIN of a practice token goes down the ladder and is unlocked" {
  on_practice master
  user_ladder
}

@test "the final try of a practice token, allowed and right, brings all tries back" {
  on_practice expert
  final_try_spent_well
}

@test "the SO PIN of a practice token goes down the ladder, and is guarded on the final try" {
  on_practice sub-due
  so_ladder
}

@test "the practice token that is made locked is unlocked" {
  on_practice locked
  agreed locked ok
  run --separate-stderr unlock --so-pin-file so
  [ "$status" -eq 0 ]
  agreed ok ok
}

@test "how many wrong tries lock a PIN is told from the profile" {
  on_practice master
  run --separate-stderr pin status
  says '.pin.retry_limit == 6'
  on_opencryptoki
  run --separate-stderr pin status
  says '.pin.retry_limit == 3'
}

@test "the PIN of a SoftHSM token is verified and changed, and is never locked by wrong ones" {
  module=$(softhsm_module)
  in=env label=soft
  store soft
  softhsm2-util --init-token --free --label soft --so-pin 87654321 --pin "$SOFTHSM_PIN"
  printf %s "$SOFTHSM_PIN" >right
  agreed ok ok
  says '.pin.retry_limit == null'
  # SoftHSM says "low" after a wrong one, and stays there.
  for _ in 1 2 3 4; do
    answers 5 pin_wrong 1 verify --pin-file wrong
    agreed count_low ok
  done
  run --separate-stderr pin change --yes --pin-file right --new-pin-file fresh
  [ "$status" -eq 0 ]
  answers 5 pin_wrong 1 verify --pin-file right
  run --separate-stderr pin verify --pin-file fresh
  [ "$status" -eq 0 ]
  run --separate-stderr pkcs11-tool --module "$module" --token-label soft --login --pin 35792468 -O
  [ "$status" -eq 0 ]
}
