#!/usr/bin/env bats
# shellcheck disable=SC2016,SC2030,SC2031,SC2154 # variables of jq; bats sets and reads the others
# Wrong command lines, profiles, folders and times: refused with the documented status, in both languages, before any
# token is touched, and nothing is changed.

load stage

setup_file() {
  quiet_environment
  drawer
  export UKEY_MODULE=practice BEFORE
  BEFORE=$(fingerprint "$UKEY_PRACTICE")
}

setup() { cd "$BATS_TEST_TMPDIR" || return 1; }

teardown() { [ "$(fingerprint "$UKEY_PRACTICE")" = "$BEFORE" ]; }

# refused_document STATUS CODE WORD…: the same with --json: one document on stdout that names the code.
refused_document() {
  local expected=$1 code=$2
  shift 2
  run --separate-stderr ukey --json "$@"
  [ "$status" -eq "$expected" ]
  [ -z "$stderr" ]
  says '.schema == "ukey/1" and .error.code == $code' --arg code "$code"
}

@test "an unknown command is refused with the one that was meant" {
  refused 2 statsu
  [[ $said_en == *"status?"* && $said_zh == *"status?"* ]]
  refused 2 cert shwo
  [[ $said_en == *"show?"* ]]
  refused_document 2 usage statsu
}

@test "a group without its command is refused" {
  refused 2 cert
  [[ $said_en == *cert* ]]
  refused 2 practice
}

@test "an unknown option, an unknown choice and a word too many are refused by name" {
  refused 2 --frobnicate
  [[ $said_en == *--frobnicate* && $said_zh == *--frobnicate* ]]
  refused 2 status --color maybe
  [[ $said_en == *maybe* ]]
  refused 2 status extra
  [[ $said_en == *extra* ]]
  refused 2 guide nonsense
  refused 2 guide
  refused_document 2 usage status --frobnicate
}

@test "a language that is none is refused" {
  run --separate-stderr ukey status --lang fr
  [ "$status" -eq 2 ]
  [ -z "$output" ]
  [[ ${stderr_lines[0]} == "ukey: "*fr* ]]
}

@test "a single option given twice is refused, a repeatable one is not" {
  refused 2 -t abc -t def
  [[ $said_en == *--token* && $said_zh == *--token* ]]
  refused 2 list --timeout 1 --timeout 2
  [[ $said_en == *--timeout* ]]
  run --separate-stderr ukey list -m practice -m practice
  [ "$status" -eq 0 ]
  [ "${#lines[@]}" -eq 10 ]
}

@test "a wrong command line is told with what is wrong, and the hint names its command" {
  local words en zh
  while IFS='|' read -r words en zh; do
    # shellcheck disable=SC2086 # a list of words
    refused 2 $words
    [[ $said_en == *"$en"* && $said_zh == *"$zh"* ]]
  done <<'CASES'
statsu|no such command: statsu|没有这个命令：statsu
--frobnicate|no such option: --frobnicate|没有这个选项：--frobnicate
status extra|a word too many: extra|多余的词：extra
status --color maybe|not a possible value: --color|这个值不对：--color
guide|missing: SERVICE|缺少：SERVICE
cert|a command is missing after: cert|后面缺少命令：cert
pin verify --pin-file|lacks its value: --pin-file|选项缺少值：--pin-file
list --timeout=|lacks its value: --timeout|选项缺少值：--timeout
list --timeout 1 --timeout 2|only once: --timeout|只能给一次：--timeout
practice remove --yes=no|takes no value: --yes|不带值：--yes
pin verify --pin-file a --pin-stdin|several sources: --pin-file --pin-stdin|几个来源：--pin-file --pin-stdin
pin verify --frobnicate|ukey pin verify --help|看用法：ukey pin verify --help
-m practice renew install|ukey renew install --help|看用法：ukey renew install --help
renew run --platform status --cmp-command ir|ukey renew run --help|看用法：ukey renew run --help
CASES
}

@test "a refusal in Chinese holds no English sentence" {
  local words
  for words in "-t abc -t def" "--color maybe" "guide nonsense" "guide" "cert show a b" "--as-of nonsense"; do
    # shellcheck disable=SC2086 # a list of words
    UKEY_LANG=zh run --separate-stderr ukey $words
    echo "$words: ${stderr_lines[0]}"
    [ "$status" -eq 2 ]
    [[ ! ${stderr_lines[0]} =~ [A-Za-z]+\ [a-z]+\ [a-z]+ ]]
    [[ ! ${stderr_lines[0]} =~ \ not\ in\  ]]
  done
}

@test "a time that is none is refused" {
  local time
  for time in nonsense 2026-13-01 2026-02-30 2026-01-01T25:00:00Z 2026-01-01T00:00:00 "2026-01-01 00:00" 0 ""; do
    refused 2 status --as-of "$time"
    [[ $said_en == *--as-of* && $said_zh == *--as-of* ]]
  done
  refused_document 2 usage status --as-of nonsense
}

@test "a time limit that is none is refused" {
  local limit
  for limit in soon 0 -1 nan inf 1e99 1s ""; do
    refused 2 list --timeout "$limit"
    [[ $said_en == *--timeout* && $said_zh == *--timeout* ]]
  done
  run --separate-stderr ukey list --timeout 7.5
  [ "$status" -eq 0 ]
}

@test "a PIN in a URI is refused before any module is loaded and is not repeated" {
  refused 2 status --trace=trace -t 'pkcs11:token=x?pin-value=24681357'
  [[ $said_en == *pin-value* && $said_en$said_zh != *24681357* ]]
  [ "$(grep -c '^C_' trace)" -eq 0 ]
  refused_document 2 usage status -t 'pkcs11:token=x?pin-value=24681357'
  [[ $output != *24681357* ]]
}

@test "a URI that is none is refused" {
  refused 2 status -t 'pkcs11:token=%zz'
  refused 2 status -t 'pkcs11:nonsense'
}

@test "two sources for one PIN are refused" {
  refused 2 lock -t "${LABEL[master]}" --pin-env A --pin-env B
  refused 2 lock -t "${LABEL[master]}" --pin-env A --pin-file b
}

@test "an unknown platform and an unknown profile are refused" {
  refused 3 --platform nowhere status
  [[ $said_en == *nowhere* && $said_zh == *nowhere* ]]
  refused_document 3 bad_profile --platform nowhere status
  refused 3 profile show nosuch
  [[ $said_en == *nosuch* ]]
}

# A folder of profiles with one token profile, changed by a sed script.
profiles() {
  mkdir -p profiles/tokens
  sed "$1" "$STAGE_ROOT/pkcs11-profiles/tokens/softhsm.toml" >profiles/tokens/softhsm.toml
}

@test "a profile with an unknown key is refused with file, line and key" {
  profiles '3i colour = "red"'
  refused 3 --profiles profiles status
  [[ $said_en == *"profiles/tokens/softhsm.toml:3"*colour* && $said_zh == *"profiles/tokens/softhsm.toml:3"*colour* ]]
  refused_document 3 bad_profile --profiles profiles status
  says '.error.subject | startswith("profiles/tokens/softhsm.toml:3")'
}

@test "a profile with a value of the wrong type is refused with file, line and key" {
  profiles 's/^autoload = true/autoload = "yes"/'
  local line
  line=$(grep -n '^autoload' profiles/tokens/softhsm.toml | cut -d: -f1)
  refused 3 --profiles profiles status
  [[ $said_en == *"profiles/tokens/softhsm.toml:$line"*autoload* ]]
}

@test "a profile that is no TOML at all is refused with file and line" {
  profiles '2i this is = = no TOML'
  refused 3 --profiles profiles profile list
  [[ $said_en == *"profiles/tokens/softhsm.toml:2"* ]]
  head -c 4096 /dev/urandom >profiles/tokens/softhsm.toml
  refused 3 --profiles profiles profile list
  [[ $said_en == *"profiles/tokens/softhsm.toml"* ]]
}

@test "profile check names every bad file, its line and key, and exits 1" {
  profiles '3i colour = "red"'
  sed 's/^concurrent = true/concurrent = 1/' "$STAGE_ROOT/pkcs11-profiles/tokens/practice.toml" >profiles/tokens/practice.toml
  run --separate-stderr ukey profile check profiles --json
  [ "$status" -eq 1 ]
  says '[.files[] | select(.errors | length > 0) | .file] | sort == ["profiles/tokens/practice.toml","profiles/tokens/softhsm.toml"]' \
    '[.files[].errors[].subject] | any(startswith("profiles/tokens/softhsm.toml:3"))'
  UKEY_LANG=zh run --separate-stderr ukey profile check profiles
  [ "$status" -eq 1 ]
  [[ $output == *"softhsm.toml:3"*colour* ]]
}

@test "a profiles folder that is missing or a file is refused" {
  refused 7 --profiles missing profile list
  [[ $said_en == *missing* ]]
  touch file
  refused 7 --profiles file status
  UKEY_PROFILES=missing refused 7 status
  refused_document 7 file_io --profiles missing profile list
}

@test "a profiles folder without rights is refused" {
  [ "$(id -u)" -ne 0 ] || skip "root reads everything"
  profiles ''
  chmod 000 profiles
  refused 7 --profiles profiles profile list
  chmod 700 profiles
}

@test "a trust folder or file that cannot be read or holds no certificate is refused" {
  refused 7 cert verify -t "${LABEL[master]}" --ca-dir missing
  refused 7 cert verify -t "${LABEL[master]}" --ca-file missing
  [[ $said_en == *missing* && $said_zh == *missing* ]]
  echo 'no certificate' >text
  refused 7 cert verify -t "${LABEL[master]}" --ca-file text
  refused_document 7 bad_input cert verify -t "${LABEL[master]}" --ca-file text
}

@test "a file that is looked at instead of a token has to be one" {
  refused 7 cert show --file missing
  refused_document 7 file_io cert show --file missing
  echo 'no certificate' >text
  : >empty
  refused 7 cert show --file text
  refused 7 cert list --file empty
  refused 7 cert verify --file text
  refused 7 seal show --file text
  refused 7 seal show --file empty
  refused 7 seal list --file missing
  refused_document 7 bad_input seal show --file text
}

@test "output that cannot be written is refused" {
  refused 7 cert export -t "${LABEL[master]}" --out missing/folder/file.pem sign
  refused 7 status --trace=missing/trace
}

@test "a full stdout is an error of writing, whatever is printed" {
  local words
  for words in status "status --json" list --help --version "guide renew" "completion bash" "cert export --out - -t ${LABEL[master]}"; do
    # shellcheck disable=SC2086 # a list of words
    run bash -c '"$UKEY_BIN" "$@" >/dev/full' -- $words
    echo "$words"
    [ "$status" -eq 7 ]
    [[ $words == *--json* || $output == "ukey: "*stdout* ]]
  done
}

@test "a reader that goes away is an error of writing, not a death" {
  mkfifo pipe
  run bash -c ': <pipe & exec 3>pipe; wait; "$UKEY_BIN" guide renew >&3'
  [ "$status" -eq 7 ]
  [[ $output == "ukey: "*stdout* ]]
}
