#!/usr/bin/env bats
# shellcheck disable=SC2016,SC2030,SC2031,SC2154 # variables of jq; bats sets and reads the others
# PINs that are hardly what was meant: typed with a Chinese input method on, saved by Notepad, copied with what cannot be
# seen. A wrong PIN costs a try, so none of these is sent unless --pin-as-is says so.

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

# What input methods, Notepad and copying make of 135790, each with what is said of it in English and in Chinese.
MISTAKES=(
  '\xef\xbc\x91\xef\xbc\x93\xef\xbc\x95\xef\xbc\x97\xef\xbc\x99\xef\xbc\x90|full-width characters|全角字符*英文输入法'
  '\xa3\xb1\xa3\xb3\xa3\xb5\xa3\xb7\xa3\xb9\xa3\xb0|full-width characters|全角字符*英文输入法'
  '\xe2\x80\x9c135790\xe2\x80\x9d|no plain letter|以外的字符*英文输入法'
  ' 135790|blank at an end|头尾有空格'
  '135790 \n|blank at an end|头尾有空格'
  '135790\xc2\xa0|cannot be seen|看不见的字符'
  '\xe2\x80\x8b135790|cannot be seen|看不见的字符'
)
# The same of what no option sends.
UNREADABLE=(
  '\xef\xbb\xbf135790|byte-order mark*Notepad|BOM*记事本'
  '\xff\xfe1\0003\0005\0007\0009\0000\000|is UTF-16*Notepad|UTF-16*记事本'
  '135790\r\n\r\n|more than one line|不止一行'
)

# mistake TEXT: its octets in the file `odd`, its words in `words_en` and `words_zh`.
mistake() {
  local octets
  IFS='|' read -r octets words_en words_zh <<<"$1"
  # shellcheck disable=SC2059 # escapes
  printf "$octets" >odd
}

# Told in both languages, by its own words and without a digit of it.
# shellcheck disable=SC2053 # patterns
told_mistake() {
  [[ $said_en == *$words_en* && $said_zh == *$words_zh* ]]
  [[ $said_en$said_zh != *3579* && $said_en$said_zh != *３* && $said_en == *": odd"* ]]
}

@test "a PIN that an input method, Notepad or copying has spoilt is not sent, whichever PIN it is, and the fault is named" {
  local one
  for one in "${MISTAKES[@]}" "${UNREADABLE[@]}"; do
    mistake "$one"
    unsent 5 pin_invalid verify --pin-file odd
    unsent 5 pin_invalid change --yes --pin-file right --new-pin-file odd
    unsent 5 pin_invalid unlock --yes --so-pin-file odd --new-pin-file fresh
    told 5 verify --pin-file odd
    told_mistake
    told 5 change --yes --pin-file right --new-pin-file odd
    told_mistake
    told 5 unlock --yes --so-pin-file odd --new-pin-file fresh
    told_mistake
  done
}

@test "a spoilt PIN is not sent from any source" {
  mistake "${MISTAKES[0]}"
  SPOILT=$(cat odd) unsent 5 pin_invalid verify --pin-env SPOILT
  unsent 5 pin_invalid verify --pin-stdin <odd
  unsent 5 pin_invalid verify --pin-command 'cat odd'
  SPOILT=$(cat odd) unsent 5 pin_invalid change --yes --pin-file right --new-pin-env SPOILT
  unsent 5 pin_invalid unlock --yes --so-pin-stdin --new-pin-file fresh <odd
  unsent 5 pin_invalid unlock --yes --so-pin-file so --new-pin-command 'cat odd'
  local uri
  uri=$(ukey lock --json -t "${LABEL[master]}" | jq -r .token.uri)
  run --separate-stderr ukey pin verify --json -t "$uri?pin-source=file:$PWD/odd" --trace=trace
  [ "$status" -eq 5 ]
  says '.error.code == "pin_invalid"'
  [ "$(tries)" -eq 0 ]
}

@test "a PIN in quotation marks or with words before it is sent, with a warning that names its source" {
  local text
  for text in '"135790"' 'PIN:135790'; do
    printf %s "$text" >odd
    run --separate-stderr ukey pin change --yes -q -t "${LABEL[master]}" --pin-file right --new-pin-file odd
    [ "$status" -eq 0 ]
    [[ $stderr == "warning: "*"sent as well: odd" && $stderr != *3579* ]]
    UKEY_LANG=zh run --separate-stderr ukey pin change --yes -q -t "${LABEL[master]}" --pin-file odd --new-pin-file right
    [ "$status" -eq 0 ]
    [[ $stderr == 警告：*一并发给锁：odd* ]]
    run --separate-stderr ukey pin verify --pin-as-is -t "${LABEL[jsca]}" --pin-file odd
    [[ $stderr != *warning* ]]
  done
}

@test "with --pin-as-is a PIN goes to the token octet by octet, and what is no PIN is refused all the same" {
  local one octets
  for octets in ' 2468135' '2468135 ' '2468\t1357' '\xb1\xa6\xff24681357' '密码锁匙'; do
    # shellcheck disable=SC2059 # escapes
    printf "$octets" >odd
    run --separate-stderr ukey pin change --yes -t "${LABEL[master]}" --pin-file right --new-pin-file odd --pin-as-is
    [ "$status" -eq 0 ]
    [ -z "$stderr" ]
    unsent 5 pin_invalid verify --pin-file odd
    run --separate-stderr ukey pin verify -t "${LABEL[master]}" --pin-file right
    [ "$status" -eq 5 ]
    run --separate-stderr ukey pin change --yes -t "${LABEL[master]}" --pin-file odd --new-pin-file right --pin-as-is
    [ "$status" -eq 0 ]
  done
  for one in "${UNREADABLE[@]}"; do
    mistake "$one"
    unsent 5 pin_invalid verify --pin-file odd --pin-as-is
  done
}

@test "a PIN typed with the input method on is told and asked for again, and the next is sent" {
  at_practice master 'PIN of' "\uff11\uff12\uff13\uff14\r" 'full-width.*PIN of' "$PRACTICE_PIN \r" \
    'blank at an end.*PIN of' "$PRACTICE_PIN\r" -- "$UKEY_BIN" pin verify
  [ "$status" -eq 0 ]
  [ "$(logins)" -eq 1 ]
  unseen "$PRACTICE_PIN" １２
}

@test "who types a PIN thrice with the input method on sends nothing" {
  local typed="\uff11\uff12\uff13\uff14\r"
  at_practice master 'PIN of' "$typed" 'full-width.*PIN of' "$typed" 'full-width.*PIN of' "$typed" -- \
    "$UKEY_BIN" pin verify
  [ "$status" -eq 5 ]
  [ "$(logins)" -eq 0 ]
  [ "$(grep -ac 'full-width' transcript)" -eq 3 ]
}

@test "a PIN that is not plain is sent from the prompt only with --pin-as-is and after a yes" {
  at_practice master 'PIN of' "$PRACTICE_PIN \r" 'as it is\?' "n\r" -- "$UKEY_BIN" pin verify --pin-as-is --yes
  [ "$status" -eq 5 ]
  [ "$(logins)" -eq 0 ]
  UKEY_LANG=zh at_practice master '请输入' "$PRACTICE_PIN \r" '照样发给.*吗' "y\r" -- "$UKEY_BIN" pin verify --pin-as-is
  [ "$status" -eq 5 ]
  [ "$(logins)" -eq 1 ]
  unseen "$PRACTICE_PIN"
}

@test "a new PIN typed with the input method on is asked for again, then a second time" {
  at_practice master 'PIN of' "$PRACTICE_PIN\r" 'New PIN of' "\uff11\uff12\uff13\uff14\r" 'full-width.*New PIN of' \
    "24681357\r" 'Once more' "24681358\r" -- "$UKEY_BIN" pin change --yes
  [ "$status" -eq 5 ]
  [ "$(logins)" -eq 0 ]
  grep -aq 'entries of the new PIN differ' transcript
}
