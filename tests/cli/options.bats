#!/usr/bin/env bats
# shellcheck disable=SC2016,SC2030,SC2031,SC2154 # variables of jq; bats sets and reads the others
# Options of every command: where they may stand, which one wins, help and completion that touch no token, the trace,
# and terminals that do not speak UTF-8.

load stage

setup_file() {
  quiet_environment
  drawer
  export UKEY_MODULE=practice
  ukey completion bash >"$BATS_FILE_TMPDIR/ukey.bash"
}

setup() { cd "$BATS_TEST_TMPDIR" || return 1; }

# What is offered after the given words, the last one being under the cursor; as bash itself would ask for it.
offered() {
  UKEY_MODULE=/nonexistent UKEY_PRACTICE=/nonexistent bash --norc -c '
    source "$0"
    asked=$(complete -p ukey) && asked=${asked##*-F } && asked=${asked%% *}
    COMP_WORDS=(ukey "$@") COMP_CWORD=$#
    COMP_LINE="ukey $*" COMP_POINT=${#COMP_LINE}
    "$asked" ukey "${COMP_WORDS[COMP_CWORD]}" "${COMP_WORDS[COMP_CWORD - 1]}"
    printf "%s\n" "${COMPREPLY[@]}"' "$BATS_FILE_TMPDIR/ukey.bash" "$@"
}

# The commands as the help lists them.
commands() { ukey --help | sed -n '/^Commands:/,/^$/s/^  \([a-z]\+\( [a-z]\+\)\?\)  .*/\1/p'; }

@test "a global option may stand before the command, after it, or be all there is" {
  run --separate-stderr ukey list --json -t "${LABEL[master]}"
  [ "$status" -eq 0 ]
  local after
  after=$(jq -c .tokens <<<"$output")
  run --separate-stderr ukey --json -t "${LABEL[master]}" list
  [ "$(jq -c .tokens <<<"$output")" = "$after" ]
  run --separate-stderr ukey -t "${LABEL[master]}" cert --json show sign
  [ "$status" -eq 0 ]
  says '[.certificates[].role] == ["sign"]'
  run --separate-stderr ukey --json -t "${LABEL[master]}"
  says '.command == "status" and (.tokens | length == 1)'
}

@test "a value may follow its option after a space, an equals sign, or at once" {
  local words
  for words in "-t ${LABEL[jsca]}" "-t=${LABEL[jsca]}" "-t${LABEL[jsca]}" "--token ${LABEL[jsca]}" "--token=${LABEL[jsca]}"; do
    # shellcheck disable=SC2086 # a list of words
    run --separate-stderr ukey list --json $words
    [ "$status" -eq 0 ]
    says '[.tokens[].token.label] == [$name]' --arg name "${LABEL[jsca]}"
  done
  run --separate-stderr ukey list --json -t=abc
  [ "$status" -eq 4 ]
  says '.error.subject == "abc"'
}

@test "the language comes from --lang, then UKEY_LANG, then LC_ALL, LC_MESSAGES and LANG" {
  in_chinese() { LC_ALL=C.UTF-8 grep -qP '\p{Han}' <<<"$(head -n 1 <<<"$output")"; }
  unset UKEY_LANG
  LANG=en_US.UTF-8 run --separate-stderr ukey --help
  run ! in_chinese
  LANG=zh_CN.UTF-8 run --separate-stderr ukey --help
  in_chinese
  LANG=zh_CN.UTF-8 LC_MESSAGES=C run --separate-stderr ukey --help
  run ! in_chinese
  LANG=C LC_MESSAGES=C LC_ALL=zh_CN.UTF-8 run --separate-stderr ukey --help
  in_chinese
  UKEY_LANG=en LC_ALL=zh_CN.UTF-8 run --separate-stderr ukey --help
  run ! in_chinese
  UKEY_LANG=zh LC_ALL=en_US.UTF-8 run --separate-stderr ukey --help
  in_chinese
  UKEY_LANG=zh LC_ALL=zh_CN.UTF-8 run --separate-stderr ukey --help --lang en
  run ! in_chinese
  UKEY_LANG=en run --separate-stderr ukey --lang=zh --help
  in_chinese
}

@test "a usage error speaks the language that its own command line asks for" {
  run --separate-stderr ukey --frobnicate --lang zh
  [ "$status" -eq 2 ]
  LC_ALL=C.UTF-8 grep -qP '\p{Han}' <<<"$stderr"
  UKEY_LANG=zh run --separate-stderr ukey --frobnicate --lang=en
  [ "$status" -eq 2 ]
  LC_ALL=C.UTF-8 run ! grep -qP '\p{Han}' <<<"$stderr"
}

@test "help and version touch no module, no profile and no drawer" {
  export UKEY_MODULE=/nonexistent UKEY_PROFILES=/nonexistent UKEY_PRACTICE=/nonexistent HOME=/nonexistent
  local words
  for words in --help --version -h "status --help" "cert --help" "cert verify --help" "practice create --help --json"; do
    # shellcheck disable=SC2086 # a list of words
    run --separate-stderr ukey $words
    [ "$status" -eq 0 ]
    [[ -n $output && -z $stderr ]]
  done
  run --separate-stderr ukey --version
  [[ $output =~ ^ukey\ [0-9]+\.[0-9]+\.[0-9]+ ]]
}

@test "the help of every command exists in both languages within 80 columns" {
  local words lang count=0
  commands >all
  while read -r words; do
    count=$((count + 1))
    for lang in en zh; do
      # shellcheck disable=SC2086 # a list of words
      UKEY_LANG=$lang run --separate-stderr ukey $words --help
      echo "$words in $lang"
      [ "$status" -eq 0 ]
      [[ -z $stderr && $output == *"ukey $words"* ]]
      fits <<<"$output"
      # shellcheck disable=SC2086 # a list of words
      [ "$lang" = en ] || LC_ALL=C.UTF-8 grep -qP '\p{Han}' <<<"$output"
    done
  done <all
  [ "$count" -ge 20 ]
  local lang
  for lang in en zh; do UKEY_LANG=$lang ukey --help | fits; done
}

@test "the trace goes to stderr, leaves stdout alone, and ends in a summary" {
  run --separate-stderr ukey status --json -t "${LABEL[master]}"
  local quiet
  quiet=$(jq -c .tokens <<<"$output")
  run --separate-stderr ukey status --json -t "${LABEL[master]}" --trace
  [ "$status" -eq 0 ]
  [ "$(jq -c .tokens <<<"$output")" = "$quiet" ]
  grep -qE '^C_Initialize +CKR_OK +[0-9.]+ ms$' <<<"$stderr"
  grep -qE '^C_OpenSession +CKR_OK +[0-9.]+ ms$' <<<"$stderr"
  local calls
  calls=$(grep -cE '^(C_[A-Za-z]+|dlopen) +(CKR|0x)' <<<"$stderr")
  grep -qE "^$calls calls, " <<<"$stderr"
}

@test "the trace goes to the file that --trace= names, readable by its owner alone, also on failure" {
  run --separate-stderr ukey status -t "${LABEL[master]}" --trace=trace
  [ "$status" -eq 0 ]
  [ -z "$stderr" ]
  grep -q '^C_Finalize' trace
  [ "$(stat -c %a trace)" = 600 ]
  run --separate-stderr ukey status --trace=other -m practice -t nosuch
  [ "$status" -eq 4 ]
  grep -q '^C_GetTokenInfo' other
}

@test "a word after --trace is a command, not its file" {
  run --separate-stderr ukey --trace list --json
  [ "$status" -eq 0 ]
  says '.command == "list"'
  [ ! -e list ]
}

@test "the trace never holds a PIN" {
  drawer "$BATS_TEST_TMPDIR/drawer"
  printf %s "$PRACTICE_PIN" >right
  printf 'geheim99' >wrong
  run --separate-stderr ukey lock -t "${LABEL[master]}" --pin-file right --trace=trace
  [ "$status" -eq 0 ]
  grep -qE '^C_Login +CKR_OK' trace
  run --separate-stderr ukey lock -t "${LABEL[master]}" --pin-file wrong --trace
  [ "$status" -eq 5 ]
  grep -qE '^C_Login +CKR_PIN_INCORRECT' <<<"$stderr"
  [[ $stderr$output != *geheim99* ]]
  run ! grep -qF "$PRACTICE_PIN" trace
}

@test "on a GBK terminal stdout and stderr are GBK, and JSON stays UTF-8" {
  unset UKEY_LANG
  export LC_ALL=zh_CN.GBK
  "$UKEY_BIN" status >gbk
  iconv -f GBK -t UTF-8 gbk >text
  run ! iconv -f UTF-8 -t UTF-8 gbk
  LC_ALL=C.UTF-8 grep -q '可以续期  青海练习建设有限公司' text
  fits <text
  run bash -c '"$UKEY_BIN" statsu 2>&1 | iconv -f GBK -t UTF-8'
  LC_ALL=C.UTF-8 grep -qP '\p{Han}' <<<"$output"
  "$UKEY_BIN" status --json | LC_ALL=C.UTF-8 jq -e '[.tokens[].holder.name] | contains(["青海练习建设有限公司"])'
  "$UKEY_BIN" --help | iconv -f GBK -t UTF-8 | fits
}

@test "colours are used only when asked for, since stdout is no terminal here" {
  run --separate-stderr ukey list
  [[ $output != *$'\e['* ]]
  run --separate-stderr ukey list --color always
  [[ $output == *$'\e['* ]]
  run --separate-stderr ukey list --color never
  [[ $output != *$'\e['* ]]
}

@test "the completion scripts are sound in the shells that are installed" {
  bash -n "$BATS_FILE_TMPDIR/ukey.bash"
  local shell
  for shell in zsh fish; do
    run --separate-stderr ukey completion "$shell"
    [ "$status" -eq 0 ]
    [[ $output == *ukey* && $output == *verify* && -z $stderr ]]
    command -v "$shell" >/dev/null || continue
    "$shell" -n <<<"$output"
  done
}

@test "completion touches neither token nor profile nor drawer" {
  export UKEY_MODULE=/nonexistent UKEY_PROFILES=/nonexistent UKEY_PRACTICE=/nonexistent
  run --separate-stderr ukey completion bash
  [ "$status" -eq 0 ]
  [ "$output" = "$(cat "$BATS_FILE_TMPDIR/ukey.bash")" ]
  run ! grep -E '\$\(ukey|`ukey' "$BATS_FILE_TMPDIR/ukey.bash"
}

@test "bash completes commands, the commands of a group, choices and options" {
  local first
  first=$(commands | cut -d' ' -f1 | sort -u)
  [ "$(offered '' | sort)" = "$first" ]
  [ "$(offered cert '' | sort | paste -sd' ')" = "export list show verify" ]
  [ "$(offered cert v)" = verify ]
  [ "$(offered -t abc cert --json s)" = show ]
  [ "$(offered guide '' | sort | paste -sd' ')" = "change damaged first-issue lost renew unlock" ]
  [ "$(offered completion '' | sort | paste -sd' ')" = "bash fish zsh" ]
  [ "$(offered --lang '' | sort | paste -sd' ')" = "en zh" ]
  [ "$(offered status --color a | sort | paste -sd' ')" = "always auto" ]
  [ "$(offered cert export --format '' | sort | paste -sd' ')" = "der pem" ]
  [ "$(offered cert verify --cr)" = --crl ]
  offered status --js | grep -qx -- --json
  touch pin.txt
  [ "$(offered lock --pin-file pi)" = pin.txt ]
}
