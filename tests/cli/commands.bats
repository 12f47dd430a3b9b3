#!/usr/bin/env bats
# shellcheck disable=SC2016,SC2030,SC2031,SC2154 # variables of jq; bats sets and reads the others
# The reading commands beside status: certificates and seals and their export, verification, the guide, the profiles, and
# the inventory of objects and mechanisms.

load stage

setup_file() {
  quiet_environment
  drawer
  needs openssl
  export UKEY_MODULE=practice
}

setup() { cd "$BATS_TEST_TMPDIR" || return 1; }

# ours ROLE: the SHA-256 of the certificate on the practice master, as the program tells it.
ours() {
  ukey cert show --json -t "${LABEL[master]}" "$1" | jq -r '.certificates[0].sha256'
}

fingerprint_of() { openssl x509 "$@" -noout -fingerprint -sha256 | sed 's/.*=//; s/://g' | tr 'A-F' 'a-f'; }

@test "an exported certificate is the one on the token, as PEM, as DER, to a file and to stdout" {
  ukey cert export --out - -t "${LABEL[master]}" sign >stdout.pem
  ukey cert export --out sign.pem -t "${LABEL[master]}" sign >/dev/null
  ukey cert export --out sign.cer --format der -t "${LABEL[master]}" sign >/dev/null
  local sum
  sum=$(ours sign)
  [ "${#sum}" -eq 64 ]
  [ "$(fingerprint_of -in stdout.pem)" = "$sum" ]
  [ "$(fingerprint_of -in sign.pem)" = "$sum" ]
  [ "$(fingerprint_of -inform DER -in sign.cer)" = "$sum" ]
  [ "$(sha256sum <sign.cer | cut -d' ' -f1)" = "$sum" ]
}

@test "several certificates go to a folder, one file each, or to stdout one after the other" {
  run --separate-stderr ukey cert export --out folder --json -t "${LABEL[master]}"
  [ "$status" -eq 0 ]
  says '.files | length == 2'
  local file
  while read -r file; do
    openssl x509 -in "$file" -noout
    [ "$(stat -c %s "$file")" -eq "$(jq --arg file "$file" '.files[] | select(.path == $file) | .bytes' <<<"$output")" ]
  done < <(jq -r '.files[].path' <<<"$output")
  [ "$(ukey cert export -t "${LABEL[master]}" | grep -c 'BEGIN CERTIFICATE')" -eq 2 ]
  run --separate-stderr ukey cert export --format der -t "${LABEL[master]}"
  [ "$status" -eq 2 ]
  [ -z "$output" ]
}

@test "an exported file looked at again says the same as the token" {
  ukey cert export --out sign.pem -t "${LABEL[master]}" sign >/dev/null
  ukey cert show --json -t "${LABEL[master]}" sign |
    jq -c '.certificates[0] | {role, subject, issuer, serial, not_before, not_after, algorithm, sha256}' >token
  ukey cert show --json --file sign.pem |
    jq -c '.certificates[0] | {role, subject, issuer, serial, not_before, not_after, algorithm, sha256}' >file
  cmp token file
}

@test "a certificate is selected by role, label, serial, key and the beginning of its SHA-256" {
  local row selector
  row=$(ukey cert show --json -t "${LABEL[master]}" encrypt | jq -c '.certificates[0]')
  for selector in "$(jq -r .label <<<"$row")" "$(jq -r .serial <<<"$row")" "$(jq -r .key_id <<<"$row")" \
    "$(jq -r .sha256 <<<"$row")" "$(jq -r '.sha256[:8]' <<<"$row")"; do
    run --separate-stderr ukey cert show --json -t "${LABEL[master]}" "$selector"
    [ "$status" -eq 0 ]
    says '[.certificates[].sha256] == [$sum]' --arg sum "$(jq -r .sha256 <<<"$row")"
  done
}

@test "on a blank token there is nothing to show, and nothing to export is an error" {
  run --separate-stderr ukey cert show --json -t "${LABEL[blank]}"
  [ "$status" -eq 0 ]
  says '.certificates == []'
  run --separate-stderr ukey seal list --json -t "${LABEL[blank]}"
  says '.seals == []'
  refused 6 cert export -t "${LABEL[blank]}"
  refused 6 cert show -t "${LABEL[blank]}" sign
  refused 6 seal export -t "${LABEL[blank]}"
  run --separate-stderr ukey cert export --json -t "${LABEL[blank]}" --out x
  [ "$status" -eq 6 ]
  says '.error.code == "not_found"'
  [ ! -e x ]
}

@test "an exported picture is, octet for octet, the object on the token" {
  needs pkcs11-tool
  ukey seal export --out pictures -t "${LABEL[master]}" >/dev/null
  local name file
  for name in 单位公章 法人章 手写签名; do
    pkcs11-tool --module "$(practice_module)" --token-label "${LABEL[master]}" -r --type data --label "$name" --output-file object 2>/dev/null
    file=$(echo pictures/"$name".*)
    cmp "$file" object
    [ "$(stat -c %s object)" -gt 20000 ]
  done
  ukey seal export --out - -t "${LABEL[master]}" 法人章 | cmp - pictures/法人章.bmp
  ukey seal export --raw --out raw.esl -t "${LABEL[master]}" 法人章 >/dev/null
  cmp raw.esl pictures/法人章.bmp
}

@test "seal list reads no contents and seal show does" {
  run --separate-stderr ukey seal list --json -t "${LABEL[master]}"
  says '[.seals[] | .label] | sort == ["单位公章","手写签名","法人章"]' \
    'all(.seals[]; .bytes > 20000 and .format == null)'
  run --separate-stderr ukey seal show --json -t "${LABEL[master]}" 单位公章
  says '.seals | length == 1 and .[0].format == "png" and (.[0].picture | .format == "png" and .width == 170)'
}

@test "cert verify finds the certificates of the drawer good, and says of their keys only after a login" {
  run --separate-stderr ukey cert verify --json -t "${LABEL[master]}"
  [ "$status" -eq 0 ]
  says '.checks | length == 10' \
    '[.checks[] | select(.check == "key_match") | [.result, .reason]] | unique == [["not_checked","key_not_visible"]]'
  printf %s "$PRACTICE_PIN" >pin
  run --separate-stderr ukey cert verify --json -t "${LABEL[master]}" --pin-file pin
  [ "$status" -eq 0 ]
  says '[.checks[] | select(.check != "revocation") | .result] | unique == ["ok"]' \
    '[.checks[] | select(.check == "revocation") | [.result, .reason]] | unique == [["not_checked","no_crl"]]'
  run --separate-stderr ukey cert verify -t "${LABEL[expert]}"
  [ "$status" -eq 0 ]
  run --separate-stderr ukey cert verify --json -t "${LABEL[jsca]}"
  [ "$status" -eq 0 ]
}

@test "cert verify finds an expired certificate bad by its date alone" {
  run --separate-stderr ukey cert verify --json -t "${LABEL[master-expired]}" sign
  [ "$status" -eq 1 ]
  says '[.checks[] | select(.result == "failed") | .check] == ["dates"]'
  run --separate-stderr ukey cert verify --json -t "${LABEL[master]}" sign --as-of 2001-01-01
  [ "$status" -eq 1 ]
  says '[.checks[] | select(.check == "dates") | .result] == ["failed"]'
}

@test "without anything to trust the chain is not checked and the answer is no" {
  ukey cert export --out sign.pem -t "${LABEL[master]}" sign >/dev/null
  UKEY_PRACTICE=$BATS_TEST_TMPDIR/elsewhere run --separate-stderr ukey cert verify --json --file sign.pem
  [ "$status" -eq 1 ]
  says '[.checks[] | select(.check == "chain") | .result, .reason] == ["not_checked","no_trust"]' \
    '[.checks[] | select(.check == "key_match") | .result] == ["not_checked"]'
}

@test "the right CA files make the chain good, the wrong ones do not" {
  local ca=$UKEY_PRACTICE/ca
  ukey cert export --out sign.pem -t "${LABEL[master]}" sign >/dev/null
  export UKEY_PRACTICE=$BATS_TEST_TMPDIR/elsewhere
  run --separate-stderr ukey cert verify --json --file sign.pem --ca-file "$ca/bjca.pem" --ca-file "$ca/root.pem"
  [ "$status" -eq 0 ]
  says '[.checks[] | select(.check == "chain") | .result] == ["ok"]'
  openssl verify -CAfile "$ca/root.pem" -untrusted "$ca/bjca.pem" sign.pem
  run --separate-stderr ukey cert verify --json --file sign.pem --ca-file "$ca/hbca.pem" --ca-file "$ca/root.pem"
  [ "$status" -eq 1 ]
  says '[.checks[] | select(.check == "chain") | .result] == ["failed"]'
  run ! openssl verify -CAfile "$ca/root.pem" -untrusted "$ca/hbca.pem" sign.pem
  run --separate-stderr ukey cert verify --json --file sign.pem --ca-dir "$ca"
  [ "$status" -eq 0 ]
}

@test "a CA of the same name with another key is not trusted" {
  ukey cert export --out sign.pem -t "${LABEL[master]}" sign >/dev/null
  openssl req -x509 -newkey rsa:2048 -nodes -keyout false.key -days 400 -subj '/C=CN/O=BJCA/OU=BJCA/CN=Practice BJCA' \
    -out false.pem 2>/dev/null
  UKEY_PRACTICE=$BATS_TEST_TMPDIR/elsewhere run --separate-stderr ukey cert verify --json --file sign.pem --ca-file false.pem
  [ "$status" -eq 1 ]
  says '[.checks[] | select(.check == "chain") | .result] == ["failed"]'
}

@test "the guide of every service exists for both holders in both languages" {
  local service holder lang
  for service in first-issue renew change unlock lost damaged; do
    for holder in enterprise individual; do
      for lang in en zh; do
        UKEY_LANG=$lang run --separate-stderr ukey guide "$service" --holder "$holder"
        echo "$service $holder $lang"
        [ "$status" -eq 0 ]
        [[ -z $stderr && $output == *0971-6138132* ]]
        fits <<<"$output"
      done
    done
    run --separate-stderr ukey guide "$service" --json
    says '[.guide | .. | objects | select(has("text")) | .text.zh, .text.en] | length > 10 and all(length > 0)' \
      '[.guide | .. | objects | select(has("text")) | .source] | unique - ["guide","own"] == []'
  done
}

@test "the guide knows which papers each service and holder needs" {
  UKEY_LANG=zh run --separate-stderr ukey guide first-issue --holder enterprise
  [[ $output == *签章采集表* && $output == *法人授权委托书* && $output != *个人数字证书申请表* ]]
  UKEY_LANG=zh run --separate-stderr ukey guide renew --holder enterprise
  [[ $output != *签章采集表* && $output == *法人授权委托书* ]]
  UKEY_LANG=zh run --separate-stderr ukey guide lost --holder individual
  [[ $output == *个人数字证书申请表* && $output == *签章采集表* && $output != *法人授权委托书* ]]
  run --separate-stderr ukey guide renew --ca hbca --json
  says '[.guide.contacts[].ca] == ["hbca"]'
  refused 2 guide renew --ca nosuch
}

@test "every installed profile is listed, shown and sound" {
  run --separate-stderr ukey profile list --json
  [ "$status" -eq 0 ]
  local listed=$output id
  [ "$(jq '[.tokens[], .cas[], .platforms[]] | length' <<<"$listed")" -eq "$(find "$STAGE_ROOT/pkcs11-profiles" -name '*.toml' | wc -l)" ]
  while read -r id; do
    run --separate-stderr ukey profile show "$id" --json
    [ "$status" -eq 0 ]
    says '.profile.id == $id' --arg id "$id"
  done < <(jq -r '[.tokens[], .cas[], .platforms[]] | .[].id' <<<"$listed" | sort -u)
  run --separate-stderr ukey profile check --json
  [ "$status" -eq 0 ]
  says 'all(.files[]; .result == "ok" and .errors == [])'
  local lang
  cd "$STAGE_ROOT/pkcs11-profiles" || return 1 # paths are shown whole, however long
  for lang in en zh; do
    UKEY_LANG=$lang ukey profile list | fits
    UKEY_LANG=$lang ukey profile show qinghai | fits
    UKEY_LANG=$lang ukey profile check tokens cas platforms | fits
  done
}

@test "object list and mechanism list agree in number with pkcs11-tool" {
  needs pkcs11-tool
  run --separate-stderr ukey object list --json -t "${LABEL[master]}"
  says '.objects | length == $theirs' --argjson theirs "$(pkcs11-tool --module "$(practice_module)" --token-label "${LABEL[master]}" -O 2>/dev/null |
    grep -cE '^[A-Z][A-Za-z]+( Key)? [Oo]bject')"
  says '[.objects[].class] | sort == ["certificate","certificate","data","data","data","public_key","public_key"]'
  run --separate-stderr ukey mechanism list --json -t "${LABEL[master]}"
  says '.mechanisms | length == $theirs' --argjson theirs "$(pkcs11-tool --module "$(practice_module)" --token-label "${LABEL[master]}" -M 2>/dev/null |
    grep -c '^  ')"
  local words
  for words in "object list" "mechanism list"; do
    # shellcheck disable=SC2086 # a list of words
    ukey $words -t "${LABEL[master]}" | fits
  done
}

@test "after login the private keys appear in the list" {
  printf %s "$PRACTICE_PIN" >pin
  run --separate-stderr ukey object list --json -t "${LABEL[master]}" --pin-file pin
  [ "$status" -eq 0 ]
  says '[.objects[] | select(.class == "private_key") | .sensitive] == [true,true]'
  run --separate-stderr ukey cert list --json -t "${LABEL[master]}" --pin-file pin
  says '[.certificates[].has_private_key] == [true,true]'
}
