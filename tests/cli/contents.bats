#!/usr/bin/env bats
# shellcheck disable=SC2016,SC2030,SC2031,SC2154 # variables of jq; bats sets and reads the others
# Tokens that hold what no tool would write: garbage for certificates, labels of any octets, seals that are none. Each is
# told in its own row, the others go on, and no control character reaches the terminal.

load stage

setup_file() {
  quiet_environment
  needs cc pkg-config openssl
  cd "$BATS_FILE_TMPDIR" || return 1
  UKEY_MODULE=$(softhsm_module)
  export UKEY_MODULE
  openssl req -x509 -newkey rsa:2048 -nodes -keyout key.pem -utf8 -subj '/C=CN/O=测试单位/CN=测试单位' -days 90 \
    -addext basicConstraints=critical,CA:FALSE -addext keyUsage=critical,digitalSignature,keyEncipherment \
    -outform DER -out good.der 2>/dev/null
  store garbage
  label 'garbage'
  echo 'this is no certificate' >garbage.der
  head -c 500 good.der >truncated.der
  cat good.der garbage.der >trailing.der
  printf '\x30\x84\xff\xff\xff\xff' >lying.der
  head -c 1048576 /dev/zero | tr '\0' A >large.der
  : >empty.der
  local name
  for name in garbage truncated trailing lying large empty good; do put_object cert "$name" "$name.der"; done
  make_labels
}

setup() {
  cd "$BATS_FILE_TMPDIR" || return 1
  export SOFTHSM2_CONF=$BATS_FILE_TMPDIR/garbage.conf
}

# label OCTETS: a token with this label, padded to 32 octets, in the present store.
label() {
  printf %b "$1" >label.raw
  while [ "$(stat -c %s label.raw)" -lt 32 ]; do printf ' ' >>label.raw; done
  put_object token label.raw
}

make_labels() {
  store labels
  label 'red\033[31m\007\r\ntitle\033]0;x\007'
  label '\xc7\xe0\xba\xa3\xb2\xe2\xca\xd4'                 # 青海测试 in GBK
  label "$(printf '\\xff%.0s' {1..32})"
  label 'exactly-32-octets-and-no-padding'
  label '测测测测测测测测测测\xe6\xb5'                     # a character cut at the end of the field
  label '\xe2\x80\xae'"evil"                               # right-to-left override
  label '\xc2\x9b31mcsi'                                   # a control character of eight bits in UTF-8
  label '-t'
}

# No control character but the line end, and valid UTF-8.
harmless() {
  iconv -f UTF-8 -t UTF-8 <<<"$output$stderr" >/dev/null
  # shellcheck disable=SC2314 # its status is the function's
  ! LC_ALL=C grep -P '[\x00-\x08\x0b-\x1f\x7f]|\xc2[\x80-\x9f]|\xe2\x80[\xaa-\xae]' <<<"$output$stderr"
}

@test "a garbage certificate is one bad row and the others go on" {
  run --separate-stderr ukey cert list --json
  [ "$status" -eq 0 ]
  says '.certificates | length == 7' \
    '[.certificates[] | select(.error) | .label] | sort - ["trailing"] == ["empty","garbage","large","lying","truncated"]' \
    '[.certificates[] | select(.error) | .error.code] | unique == ["bad_input"]' \
    'all(.certificates[] | select(.error); .subject == null and .sha256 == null and .role == null)' \
    '[.certificates[] | select(.label == "good") | .subject, .state] == ["CN=测试单位,O=测试单位,C=CN","valid"]'
  run --separate-stderr ukey cert list
  [ "$status" -eq 0 ]
  local name
  for name in garbage truncated lying large empty; do [[ $output == *"$name"* ]]; done
  fits <<<"$output"
}

@test "octets after a certificate do not become part of it" {
  run --separate-stderr ukey cert list --json
  says '[.certificates[] | select(.label == "trailing") | .error.code // .sha256] | . == ["bad_input"] or . == [$sum]' \
    --arg sum "$(sha256sum good.der | cut -d' ' -f1)"
}

@test "status shows the holder of the good certificate and counts the bad ones" {
  run --separate-stderr ukey status --json
  [ "$status" -eq 0 ]
  says '.tokens[0] | .state == "ready" and .holder.name == "测试单位"' \
    '[.tokens[0].certificates[] | select(.error)] | length >= 5'
  local lang
  for lang in en zh; do
    UKEY_LANG=$lang run --separate-stderr ukey status
    [ "$status" -eq 0 ]
    [[ $output == *测试单位* && $output == *garbage* && $output == *truncated* ]]
    fits <<<"$output"
  done
}

@test "cert show and cert export of a garbage certificate are refused or marked, of the good one they work" {
  run --separate-stderr ukey cert show garbage --json
  says '[.certificates[] | .error.code] == ["bad_input"]'
  refused 6 cert export garbage
  refused 6 cert show nosuch
  run --separate-stderr bash -c '"$UKEY_BIN" cert export good --format der --out - | cmp - good.der'
  [ "$status" -eq 0 ]
}

@test "cert verify does not call a token good whose certificate is garbage" {
  run --separate-stderr ukey cert verify garbage --json
  [ "$status" -eq 1 ]
  says '.certificates[0].error.code == "bad_input"'
}

@test "a token label with escape sequences reaches no terminal and stays valid JSON" {
  export SOFTHSM2_CONF=$BATS_FILE_TMPDIR/labels.conf
  local words
  for words in list status "cert show" "list --all"; do
    # shellcheck disable=SC2086 # a list of words
    run --separate-stderr ukey $words
    harmless
  done
  run --separate-stderr ukey list --json
  [ "$status" -eq 0 ]
  says '.tokens | length == 8'
  iconv -f UTF-8 -t UTF-8 <<<"$output" >/dev/null
}

@test "colours asked for come from the program, never from a label" {
  export SOFTHSM2_CONF=$BATS_FILE_TMPDIR/labels.conf
  run --separate-stderr ukey list --color always -t 'pkcs11:token=red%1B%5B31m%07%0D%0Atitle%1B%5D0%3Bx%07'
  [ "$status" -eq 0 ]
  [[ $output == *red* && $output != *$'\a'* && $output != *$'\e[31m'$'\a'* && $output != *$'\e]'* ]]
}

@test "labels in UTF-8, GBK and neither are decoded, cut and escaped as designed" {
  export SOFTHSM2_CONF=$BATS_FILE_TMPDIR/labels.conf
  run --separate-stderr ukey list --json
  says '[.tokens[].token.label] | contains(["青海测试","exactly-32-octets-and-no-padding","测测测测测测测测测测","-t"])' \
    '[.tokens[].token.label | select(startswith("\\xff"))] == ["\\xff" * 32]'
}

@test "each strangely labelled token can be selected by its own URI and serial" {
  export SOFTHSM2_CONF=$BATS_FILE_TMPDIR/labels.conf
  local listed serial uri
  listed=$(ukey list --json)
  [ "$(jq '.tokens | length' <<<"$listed")" -eq 8 ]
  while read -r serial uri; do
    run --separate-stderr ukey list --json -t "$uri"
    says '[.tokens[].token.serial] == [$serial]' --arg serial "$serial"
  done < <(jq -r '.tokens[].token | [.serial, .uri] | join(" ")' <<<"$listed")
  run --separate-stderr ukey list --json -t 青海测试
  says '.tokens | length == 1'
}

@test "strange labels stay harmless in the message of a refusal" {
  export SOFTHSM2_CONF=$BATS_FILE_TMPDIR/labels.conf
  local lang
  for lang in en zh; do
    UKEY_LANG=$lang run --separate-stderr ukey lock
    [ "$status" -eq 4 ]
    [[ $stderr == *red* && $stderr == *青海测试* ]]
    harmless
  done
}

@test "strange labels of objects reach no terminal either" {
  store objects
  label objects
  put_object cert "$(printf 'bad\033[2J\a')" good.der
  put_object data "$(printf '公章\033]0;x\a')" good.der
  local words
  for words in "cert list" "cert show" "object list" "seal list" "seal show" status lock; do
    # shellcheck disable=SC2086 # a list of words
    run --separate-stderr ukey $words
    harmless
  done
}

@test "an exported file never leaves its folder, whatever the label says" {
  needs jq
  store escape
  label escape
  printf 'GIF89a\x01\x00\x01\x00\x80\x00\x00\x00\x00\x00\xff\xff\xff!\xf9\x04\x01\x00\x00\x00\x00,\x00\x00\x00\x00\x01\x00\x01\x00\x00\x02\x02D\x01\x00;' >dot.gif
  put_object data '../../公章' dot.gif
  put_object data '/tmp/ukey-法人章' dot.gif
  mkdir -p "$BATS_TEST_TMPDIR/a/b/c"
  cd "$BATS_TEST_TMPDIR/a/b/c" || return 1
  run --separate-stderr ukey seal export --out here
  [ "$status" -eq 0 ]
  [ "$(find "$BATS_TEST_TMPDIR/a" -type f | wc -l)" -eq 2 ]
  [ "$(find "$BATS_TEST_TMPDIR/a/b/c/here" -type f | wc -l)" -eq 2 ]
  [ ! -e /tmp/ukey-法人章.gif ]
}

@test "a seal that is no picture is told as such, and a broken picture does no harm" {
  store seals
  label seals
  echo 'a shopping list' >text
  printf '\x89PNG\r\n\x1a\n\x00\x00\x00\x0dIHDR\x7f\xff\xff\xff\x7f\xff\xff\xff' >huge.png
  printf 'BM\xff\xff\xff\x7f' >short.bmp
  put_object data 单位公章 text
  put_object data 法人章 huge.png
  put_object data 手写签名 short.bmp
  run --separate-stderr ukey lock --json
  [ "$status" -eq 0 ]
  says '.lock.evidence[0] | .found == false and .reason == "not_a_seal" and .format == "unknown" and .bytes == 16' \
    '.lock.kind != "master"'
  run --separate-stderr ukey seal show --json
  [ "$status" -eq 0 ]
  says '.seals | length == 3'
  refused 6 seal export 单位公章 --out -
}
