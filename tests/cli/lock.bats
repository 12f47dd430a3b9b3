#!/usr/bin/env bats
# shellcheck disable=SC2016,SC2030,SC2031,SC2154 # variables of jq; bats sets and reads the others
# `lock` and `status` on a token whose seals are private: what is known before login, by label, and by contents.

load stage

setup_file() {
  umask 077
  quiet_environment
  drawer
  needs cc pkg-config openssl softhsm2-util pkcs11-tool
  cd "$BATS_FILE_TMPDIR" || return 1
  ukey -m practice -t "${LABEL[master]}" seal export --out pictures --json >/dev/null
  printf %s "$SOFTHSM_PIN" >pin
  printf 999999 >wrong
  echo 'minutes of a meeting, no seal' >text
  UKEY_MODULE=$(softhsm_module)
  export UKEY_MODULE
  store sealed
  softhsm2-util --init-token --free --label sealed --so-pin 12345678 --pin "$SOFTHSM_PIN" >/dev/null
  openssl req -x509 -newkey rsa:2048 -nodes -keyout key.pem -utf8 -subj '/C=CN/O=测试单位/CN=测试单位' -days 90 \
    -addext basicConstraints=critical,CA:FALSE -addext keyUsage=critical,digitalSignature,keyEncipherment \
    -outform DER -out cert.der 2>/dev/null
  openssl pkey -in key.pem -outform DER -out key.der
  on_token --write-object cert.der --type cert --label 单位证书 --id 01
  on_token --write-object key.der --type privkey --label 单位证书 --id 01
  local picture name
  for picture in pictures/*; do
    name=$(basename "${picture%.*}")
    put_object private-data "$name" "$picture"
  done
}

setup() {
  umask 077 # PIN files that others can read are warned about
  cd "$BATS_FILE_TMPDIR" || return 1
}

on_token() { pkcs11-tool --module "$UKEY_MODULE" --login --pin "$SOFTHSM_PIN" "$@" >/dev/null 2>&1; }

# A copy of the token that a case may change.
own_store() {
  cp -a "$BATS_FILE_TMPDIR/sealed" "$BATS_TEST_TMPDIR/sealed"
  echo "directories.tokendir = $BATS_TEST_TMPDIR/sealed" >"$BATS_TEST_TMPDIR/sealed.conf"
  export SOFTHSM2_CONF=$BATS_TEST_TMPDIR/sealed.conf
}

@test "the three pictures of a practice master are exported whole" {
  [ "$(cd pictures && printf '%s ' *)" = "单位公章.png 手写签名.png 法人章.bmp " ]
  [ "$(head -c 8 pictures/单位公章.png | od -An -tx1 | tr -d ' ')" = 89504e470d0a1a0a ]
  [ "$(head -c 2 pictures/法人章.bmp)" = BM ]
}

@test "without login private seals leave the kind undetermined, in status and in lock" {
  run --separate-stderr ukey status --json
  [ "$status" -eq 0 ]
  says '.tokens | length == 1' \
    '.tokens[0].lock | .kind == "undetermined" and .reason == "login_needed" and .basis == "label"' \
    '[.tokens[0].lock.evidence[] | .found, .object] == [false,null,false,null,false,null]' \
    '.tokens[0].certificates[0].has_private_key == null'
  run --separate-stderr ukey lock --json
  [ "$status" -eq 0 ]
  says '.lock | .kind == "undetermined" and .reason == "login_needed"'
}

@test "what would settle an undetermined kind is said in both languages" {
  local lang
  for lang in en zh; do
    UKEY_LANG=$lang run --separate-stderr ukey lock
    [ "$status" -eq 0 ]
    [[ $output == *"ukey lock --login"* ]]
    fits <<<"$output"
  done
}

@test "with the PIN status calls it a master by the labels" {
  run --separate-stderr ukey status --json --pin-file pin
  [ "$status" -eq 0 ]
  says '.tokens[0].lock | .kind == "master" and .basis == "label" and .reason == "all_found" and .missing == []' \
    '[.tokens[0].lock.evidence[] | .reason] == ["by_label","by_label","by_label"]' \
    '[.tokens[0].lock.evidence[] | .format] == [null,null,null]' \
    '.tokens[0].certificates[0] | .has_private_key == true and .role == "sign_encrypt"'
}

@test "with the PIN lock calls it a master by the contents" {
  run --separate-stderr ukey lock --json --pin-file pin
  [ "$status" -eq 0 ]
  says '.lock | .kind == "master" and .basis == "content" and .reason == "all_found" and .missing == []'
  says '[.lock.evidence[] | [.seal, .found, .reason, .object, .format]] ==
    [["unit",true,"by_content","单位公章","png"],["legal_rep",true,"by_content","法人章","bmp"],
     ["signature",true,"by_content","手写签名","png"]]'
  local size
  size=$(stat -c %s pictures/法人章.bmp)
  says '.lock.evidence[1].bytes == $size' --argjson size "$size"
}

@test "each way to hand over the PIN leads to the same verdict" {
  PIN_HERE=$SOFTHSM_PIN run --separate-stderr ukey lock --json --pin-env PIN_HERE
  says '.lock.kind == "master"'
  run --separate-stderr ukey lock --json --pin-command 'cat pin'
  says '.lock.kind == "master"'
  run --separate-stderr bash -c "printf '%s\r\n' '$SOFTHSM_PIN' | '$UKEY_BIN' lock --json --pin-stdin"
  says '.lock.kind == "master"'
  run --separate-stderr ukey lock --json -t "pkcs11:token=sealed?pin-source=file:$BATS_FILE_TMPDIR/pin"
  says '.lock.kind == "master"'
}

@test "a wrong PIN is sent once and told with the call and its answer" {
  refused 5 lock --pin-file wrong
  [[ $said_en == *"C_Login -> CKR_PIN_INCORRECT (0xa0)"* && $said_zh == *"C_Login -> CKR_PIN_INCORRECT (0xa0)"* ]]
  run --separate-stderr ukey lock --json --pin-file wrong --trace=trace
  [ "$status" -eq 5 ]
  says '.error | .code == "pin_wrong" and .call == "C_Login" and .ckr == "CKR_PIN_INCORRECT" and .rv == "0xa0"' \
    '.error.subject == "sealed"'
  [ "$(grep -c '^C_Login ' trace)" -eq 1 ]
}

@test "status with a wrong PIN fails instead of showing a row without login" {
  run --separate-stderr ukey status --json --pin-file wrong
  [ "$status" -eq 5 ]
  says '.error.code == "pin_wrong"'
}

@test "an object labelled as a seal that holds text is found by label and refused by contents" {
  own_store
  on_token --delete-object --type data --label 法人章
  on_token --write-object text --type data --private --label 法人章
  run --separate-stderr ukey status --json --pin-file pin
  says '.tokens[0].lock | .kind == "master" and .basis == "label" and .evidence[1].found'
  run --separate-stderr ukey lock --json --pin-file pin
  [ "$status" -eq 0 ]
  says '.lock | .kind == "partial_master" and .basis == "content" and .reason == "some_missing" and .missing == ["legal_rep"]' \
    '.lock.evidence[1] | .found == false and .reason == "not_a_seal" and .object == "法人章" and .format == "unknown"' \
    '[.lock.evidence[0,2] | .found] == [true,true]'
}

@test "a token without any seal is a sub-lock only after login" {
  own_store
  local seal
  for seal in 单位公章 法人章 手写签名; do on_token --delete-object --type data --label "$seal"; done
  run --separate-stderr ukey lock --json
  says '.lock.kind == "undetermined" and .lock.reason == "login_needed"'
  run --separate-stderr ukey lock --json --pin-file pin
  [ "$status" -eq 0 ]
  says '.lock | .kind == "sub" and .reason == "none_found" and .basis == "content"'
}

@test "a seal that is missing after login makes a partial master that names it" {
  own_store
  on_token --delete-object --type data --label 手写签名
  run --separate-stderr ukey lock --json --pin-file pin
  says '.lock | .kind == "partial_master" and .missing == ["signature"]'
  UKEY_LANG=zh run --separate-stderr ukey lock --pin-file pin
  [[ $output == *手写签名* ]]
}

@test "a token that no profile knows is never called a sub-lock" {
  own_store
  mkdir -p "$BATS_TEST_TMPDIR/profiles/tokens"
  # The installed profile of SoftHSM is hidden by one of the same name that fits nothing.
  sed 's/SoftHSM project/nobody/' "$STAGE_ROOT/pkcs11-profiles/tokens/softhsm.toml" >"$BATS_TEST_TMPDIR/profiles/tokens/softhsm.toml"
  local seal
  for seal in 单位公章 法人章 手写签名; do on_token --delete-object --type data --label "$seal"; done
  run --separate-stderr ukey --profiles "$BATS_TEST_TMPDIR/profiles" lock --json --pin-file pin
  [ "$status" -eq 0 ]
  says '.token.profile == null and .lock.kind == "undetermined" and .lock.reason == "no_profile"'
}

@test "a seal whose contents the token does not give is told with what it answered" {
  # The practice module fails the fourth reading of attributes: the contents of a seal, after two certificates and labels.
  local nth hidden=0
  unset SOFTHSM2_CONF
  for nth in 3 4 5 6 7 8; do
    UKEY_PRACTICE_FAULT=C_GetAttributeValue:$nth=0x30 run --separate-stderr ukey -m practice -t "${LABEL[master]}" lock --json
    if [ "$status" -eq 0 ] && jq -e '.lock.kind != "master"' <<<"$output" >/dev/null; then
      jq -e '[.. | objects | select(.rv? == "0x30")] | length > 0' <<<"$output" >/dev/null || hidden=$nth
    fi
  done
  echo "the failed reading that nothing is said of: number $hidden"
  [ "$hidden" -eq 0 ]
}

@test "lock on the practice tokens reads contents and says so" {
  run --separate-stderr ukey -m practice -t "${LABEL[master-no-legal-seal]}" lock --json
  says '.lock | .kind == "partial_master" and .basis == "content" and .missing == ["legal_rep"]'
  run --separate-stderr ukey -m practice -t "${LABEL[sub-due]}" lock --json
  says '.lock | .kind == "sub" and .basis == "content"'
  run --separate-stderr ukey -m practice -t "${LABEL[blank]}" lock --json
  says '.lock | .kind == "blank" and .reason == "nothing_on_token"'
  run --separate-stderr ukey -m practice -t "${LABEL[expert]}" lock --json
  says '.lock | .kind == "master" and [.evidence[].seal] == ["signature"]' \
    'keys_unsorted == ["schema","command","as_of","token","holder","lock"]'
}
