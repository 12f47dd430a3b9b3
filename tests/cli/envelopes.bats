#!/usr/bin/env bats
# shellcheck disable=SC2016,SC2030,SC2031,SC2154 # variables of jq; bats sets and reads the others
# `envelope check | encrypt | decrypt` on practice tokens: what is written where, what is refused, exit statuses.

load stage

setup_file() {
  quiet_environment
  drawer
  export UKEY_MODULE=practice
  cd "$BATS_FILE_TMPDIR" || return 1
  (umask 077 && printf %s "$PRACTICE_PIN" >pin)
  echo bid >bid
  ukey envelope encrypt bid -o mine -t "${LABEL[master]}" -q >/dev/null
  ukey envelope encrypt bid -o theirs -t "${LABEL[sub-due]}" -q >/dev/null
}

setup() { cd "$BATS_FILE_TMPDIR" || return 1; }

@test "check ends with 0 only when the token opens every file" {
  run ukey envelope check mine mine -t "${LABEL[master]}"
  [ "$status" -eq 0 ]
  run ukey envelope check mine theirs -t "${LABEL[master]}"
  [ "$status" -eq 1 ]
  fits <<<"$output"
  run ukey envelope check mine bid -t "${LABEL[master]}"
  [ "$status" -eq 1 ]
}

@test "check needs no PIN; with one it says whether the private key is there" {
  run ukey envelope check --json mine -t "${LABEL[master]}"
  says '.envelopes[0] | .opens == "current" and .has_private_key == null'
  run ukey envelope check --json mine -t "${LABEL[master]}" --pin-file pin
  says '.envelopes[0] | .opens == "current" and .has_private_key == true'
}

@test "both languages say for whom a file is, and fit 80 columns" {
  local lang
  for lang in zh en; do
    UKEY_LANG=$lang run ukey envelope check theirs -t "${LABEL[master]}"
    fits <<<"$output"
    [[ $output == *"$(ukey cert show encrypt --json -t "${LABEL[sub-due]}" | jq -r '.certificates[0].serial')"* ]]
  done
}

@test "what is decrypted belongs to its owner alone" {
  rm -f opened
  umask 022
  ukey envelope decrypt mine -o opened -t "${LABEL[master]}" --pin-file pin
  cmp opened bid
  [ "$(stat -c %a opened)" = 600 ]
}

@test "a file that is there is replaced only with --yes" {
  echo old >target
  refused 2 envelope decrypt mine -o target -t "${LABEL[master]}" --pin-file pin
  [[ $said_en == *"not confirmed: --yes"* && $said_zh == *没有得到确认：--yes* ]]
  refused 2 envelope encrypt bid -o target -t "${LABEL[master]}"
  [[ $said_en == *"not confirmed: --yes"* ]]
  [ "$(cat target)" = old ]
  ukey envelope decrypt mine -o target -t "${LABEL[master]}" --pin-file pin --yes
  cmp target bid
}

@test "the file that is read is never written over, by whatever name" {
  cp mine alone
  ln alone same
  local name
  for name in alone same; do
    refused 2 envelope decrypt alone -o "$name" -t "${LABEL[master]}" --pin-file pin --yes
    [[ $said_en == *"the file that is read"*"--out $name"* && $said_zh == *被读的那个文件*"--out $name"* ]]
  done
  cmp alone mine
}

@test "without --out nothing is done, and standard output is no place for two documents" {
  refused 2 envelope encrypt bid -t "${LABEL[master]}"
  [[ $said_en == *"missing: --out FILE"* && $said_zh == *缺少：--out\ FILE* ]]
  refused 2 envelope decrypt mine -t "${LABEL[master]}" --pin-file pin
  run ukey envelope decrypt mine -o - --json -t "${LABEL[master]}" --pin-file pin
  [ "$status" -eq 2 ]
  says '.error.code == "usage"'
  ukey envelope decrypt mine -o - -t "${LABEL[master]}" --pin-file pin | cmp - bid
}

@test "nobody is encrypted to whose certificate has ended or does not encrypt" {
  ukey cert export sign -t "${LABEL[master]}" -o sign.pem --yes
  refused 8 envelope encrypt bid -o new -t "${LABEL[master-expired]}"
  refused 8 envelope encrypt bid -o new --file sign.pem
  refused 7 envelope encrypt bid -o new --file bid
  refused 7 envelope encrypt nothing -o new -t "${LABEL[master]}"
  [ ! -e new ]
}

@test "a wrong PIN leaves no file and is tried once" {
  rm -rf own work && mkdir work
  cp -a "$UKEY_PRACTICE" own
  (umask 077 && printf 00000000 >wrong)
  UKEY_PRACTICE=$PWD/own run ukey envelope decrypt mine -o work/opened -t "${LABEL[master]}" --pin-file wrong
  [ "$status" -eq 5 ]
  [ -z "$(ls -A work)" ]
}

@test "no login happens for a file that is broken" {
  head -c 300 mine >broken
  refused 7 envelope decrypt broken -o new -t "${LABEL[master]}" --pin-file pin
  run ukey envelope decrypt broken -o new -t "${LABEL[master]}" --pin-file pin --trace=calls
  run ! grep C_Login calls
  [ ! -e new ]
}

@test "a change in the encrypted key and one in the content are told alike, and leave no file" {
  local at size told
  ukey envelope encrypt bid --auth -o tagged -t "${LABEL[master]}" -q # what is changed in it never goes unseen
  size=$(stat -c %s tagged)
  for at in 300 $((size - 20)); do
    cp tagged changed
    printf '\xa5\x5a' | dd of=changed bs=1 seek="$at" conv=notrunc status=none
    run ! cmp -s tagged changed
    refused 7 envelope decrypt changed -o new -t "${LABEL[master]}" --pin-file pin
    told+=$said_en$'\n'
    [ ! -e new ]
  done
  [ "$(sort <<<"$told" | sed '/^$/d' | uniq -u)" = '' ]
  cp tagged changed
  printf '\xa5\x5a' | dd of=changed bs=1 seek=300 conv=notrunc status=none
  run ukey envelope decrypt changed -o new -t "${LABEL[master]}" --pin-file pin --trace=calls
  grep -q 'C_Decrypt.*CKR_' calls
}
