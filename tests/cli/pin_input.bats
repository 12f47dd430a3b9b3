#!/usr/bin/env bats
# shellcheck disable=SC2016,SC2030,SC2031,SC2154 # variables of jq; bats sets and reads the others
# PINs that cannot be right, PIN files that should not be as they are, and tokens that are pulled out in the middle of
# an unlock: what was done, what was not, and how the token stands is told.

load stage
load pin

setup_file() {
  quiet_environment
  export UKEY_MODULE=practice
}

setup() {
  cd "$BATS_TEST_TMPDIR" || return 1
  forgive_leaks
  drawer
  pin_files
}

@test "what cannot be a PIN is refused wherever a PIN is wanted" {
  local bad
  : >empty
  for bad in $(bad_pins); do
    unsent 5 pin_invalid verify --pin-file "$bad"
    unsent 5 pin_invalid unlock --yes --so-pin-file "$bad" --new-pin-file fresh
  done
  told 5 verify --pin-file nul
  told 5 unlock --yes --so-pin-file so --new-pin-file long
  unsent 5 pin_missing verify --pin-file empty
  unsent 5 pin_missing change --yes --pin-file right --new-pin-file empty
  unsent 5 pin_missing unlock --yes --so-pin-file empty --new-pin-file fresh
}

@test "a PIN file that is missing, a folder or a broken link is refused, and named" {
  mkdir folder
  ln -s nowhere link
  local bad
  for bad in missing folder link; do
    unsent 7 file_io verify --pin-file "$bad"
    unsent 7 file_io unlock --yes --so-pin-file "$bad" --new-pin-file fresh
    says '.error.subject == $bad' --arg bad "$bad"
  done
  told 7 verify --pin-file missing
  [[ $said_en == *missing* && $said_zh == *missing* ]]
}

@test "what is wrong with a source of a PIN is told, and which it is" {
  : >empty
  told 5 verify --pin-file empty
  [[ $said_en == *"gave nothing: empty"* && $said_zh == *是空的：empty* ]]
  told 5 verify --pin-command 'sh -c "exit 3"'
  [[ $said_en == *"failed"*"sh (3)"* && $said_zh == *"sh (3)"* ]]
  # shellcheck disable=SC2016 # for the child
  told 5 verify --pin-command 'sh -c "kill -KILL $$"'
  [[ $said_en == *"sh (SIGKILL)"* ]]
  told 7 verify --pin-command /nonexistent/command
  [[ $said_en == *"cannot be started: /nonexistent/command"* && $said_zh == *无法启动：/nonexistent/command* ]]
  told 5 unlock --yes --so-pin-env NO_SUCH --new-pin-file fresh
  [[ $said_en == *"not set: --so-pin-env"* ]]
  told 5 unlock --yes --so-pin-file so --new-pin-env NO_SUCH
  [[ $said_en == *"not set: --new-pin-env"* ]]
  printf 12 >short
  told 5 change --yes --pin-file right --new-pin-file short
  [[ $said_en == *"NEW PIN's length"* && $said_zh == *新PIN码的长度* ]]
}

@test "a PIN file that others can read is used, with a warning that names it" {
  chmod 600 right
  run --separate-stderr ukey pin verify -t "${LABEL[master]}" --pin-file right
  [ "$status" -eq 0 ]
  [[ $stderr != *right* ]]
  local mode lang
  for mode in 640 604 644; do
    for lang in en zh; do
      chmod $mode right
      UKEY_LANG=$lang run --separate-stderr ukey pin verify -q -t "${LABEL[master]}" --pin-file right
      [ "$status" -eq 0 ]
      [[ $lang != zh || $stderr == 警告：* ]]
      [[ $stderr == *right* && $stderr != *"$PRACTICE_PIN"* ]]
    done
  done
  chmod 644 so
  run --separate-stderr ukey pin unlock --yes -t "${LABEL[locked]}" --so-pin-file so --new-pin-file fresh
  [ "$status" -eq 0 ]
  [[ $stderr == *"(chmod 600 it): so"* ]]
}

@test "two sources for one PIN are a usage error, and so is a PIN on the command line" {
  unsent 2 usage verify --pin-file right --pin-stdin
  unsent 2 usage unlock --yes --so-pin-file so --so-pin-env SO --new-pin-file fresh
  local words
  for words in 'pin verify 24681357' 'pin 24681357' 'pin verify -- 24681357' 'pin verify --pin 24681357' \
    'pin verify --pin=24681357' 'pin verify -p24681357' 'lock --login 24681357' 'pin status 24681357'; do
    # shellcheck disable=SC2086 # a list of words
    refused 2 $words
    [[ $said_en$said_zh != *24681357* ]]
    # shellcheck disable=SC2086 # a list of words
    run --separate-stderr ukey --json $words
    [[ $output$stderr != *24681357* ]]
  done
  refused 2 pin verify 24681357
  [[ $said_en == *"never comes on the command line"* && $said_zh == *不能写在命令行上* ]]
}

@test "an SO PIN on its final try is not sent, and what a wrong one would cost is told" {
  sed -i 's/^so_failures .*/so_failures 5/' "$(grep -lxF "label ${LABEL[locked]}" "$UKEY_PRACTICE"/state/*)"
  unsent 5 pin_not_sent unlock --yes --so-pin-file so --new-pin-file fresh
  told 5 unlock --yes --so-pin-file so --new-pin-file fresh
  [[ $said_en == *"NOT sent"*scrap*--use-final-try* && $said_zh == *没有发*报废*--use-final-try* ]]
}

@test "a log that cannot be written stops the work before anything is sent" {
  mkdir folder
  unsent 7 file_io unlock --yes --so-pin-file so --new-pin-file fresh --log folder
  unsent 7 file_io change --yes --pin-file right --new-pin-file fresh --log nowhere/log
}

# broken_at FAULT DONE STATE: an unlock that fails there has done these steps, and the user PIN is in that state.
broken_at() {
  UKEY_PRACTICE_FAULT=$1 run --separate-stderr ukey pin unlock --yes --json -t "${LABEL[locked]}" --so-pin-file so \
    --new-pin-file fresh
  echo "$1: exit $status: $output $stderr"
  says '[.steps[] | select(.done).step] == ($steps / " ") and .result == "failed"' --arg steps "$2"
  says '.pin.user? == $state' --arg state "$3"
  run --separate-stderr ukey status --json -t "${LABEL[locked]}"
  says '.tokens[0].pin.user == $state' --arg state "$3"
}

@test "a token that fails between SO login and C_InitPIN is told so, and is still locked" {
  broken_at C_InitPIN=0x32 so_login locked
  broken_at C_InitPIN=0x30 so_login locked
  broken_at C_InitPIN=0x800000a0 so_login locked
  local lang
  for lang in en zh; do
    UKEY_LANG=$lang UKEY_PRACTICE_FAULT=C_InitPIN=0x32 run --separate-stderr ukey pin unlock --yes \
      -t "${LABEL[locked]}" --so-pin-file so --new-pin-file fresh
    echo "$stderr"
    [ "$status" -eq 4 ]
    [[ $stderr == *"C_InitPIN -> CKR_DEVICE_REMOVED (0x32)"* ]]
    # How it stands now, in words.
    [[ $lang != en || $stderr == *"done: SO login; not done: SO logout"*"not known whether it was done: set the new PIN"*"PIN LOCKED, SO PIN ok"* ]]
    [[ $lang != zh || $stderr == *管理员登录*设置新PIN码*锁死* ]]
    fits <<<"$stderr"
  done
}

@test "a token pulled out before C_InitPIN leaves a state that cannot be read, and that is said" {
  UKEY_PRACTICE_FAULT=C_InitPIN=unplug run --separate-stderr ukey pin unlock --yes --json -t "${LABEL[locked]}" \
    --so-pin-file so --new-pin-file fresh
  echo "$output $stderr"
  [ "$status" -eq 4 ]
  says '.error.code == "token_removed" and .result == "failed" and .pin == null' \
    '.steps[0] == {"step": "so_login", "done": true} and (.steps[1:] | all(.done | not))'
  ukey practice plug locked
  run --separate-stderr ukey pin status --json -t "${LABEL[locked]}"
  says '.pin.user == "locked" and .pin.so == "ok"'
}

@test "a token that fails after C_InitPIN is told so, and is not called unlocked" {
  broken_at C_Login:2=0x30 'so_login init_pin so_logout' ok
  UKEY_LANG=en UKEY_PRACTICE_FAULT=C_Login:2=0x30 run --separate-stderr ukey pin unlock --yes -t "${LABEL[locked]}" \
    --so-pin-file so --new-pin-file fresh
  [ "$status" -eq 6 ]
  [[ $output$stderr != *unlocked:* ]]
  drawer
  broken_at C_Logout:1=0x30 'so_login init_pin' ok
}

@test "a token that hangs in C_InitPIN is given up, and what was done before is told" {
  UKEY_PRACTICE_FAULT=C_InitPIN=hang run --separate-stderr ukey pin unlock --yes --json --timeout 2 \
    -t "${LABEL[locked]}" --so-pin-file so --new-pin-file fresh
  echo "$output $stderr"
  [ "$status" -eq 3 ]
  says '.error.code == "module_timeout" and .error.call == "C_InitPIN"' \
    '[.steps[] | select(.done).step] == ["so_login"]'
}

@test "a slot that cannot be read keeps an SO PIN from the only one that can" {
  UKEY_PRACTICE_FAULT=C_GetTokenInfo:1=0x30 run --separate-stderr ukey pin unlock --yes --json --so-pin-file so \
    --new-pin-file fresh --trace=trace
  [ "$status" -eq 4 ]
  [ "$(tries)" -eq 0 ]
}

@test "a dry run of verify sends nothing" {
  run --separate-stderr ukey pin verify --dry-run --json -t "${LABEL[master]}" --pin-file right --trace=trace
  [ "$status" -eq 0 ]
  says '.result == "not_tried"'
  [ "$(tries)" -eq 0 ]
}
