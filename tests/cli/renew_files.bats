#!/usr/bin/env bats
# shellcheck disable=SC2016,SC2030,SC2031,SC2154 # variables of jq; bats sets and reads the others
# Renewals that somebody carries: the request as a file, and issued certificates from files, those that fit and those
# that do not.

load stage
load renewal

setup_file() {
  renewal_stage
  anew
  mkdir "$BATS_FILE_TMPDIR/answer" && cd "$BATS_FILE_TMPDIR/answer" || return 1
  export ANSWER=$PWD
  renew request --out request.pem >/dev/null
  renew run --ca-url "$CA_URL" --json >job.json
  ukey cert export -t "$DUE" -o all >/dev/null
  mv "all/$(jq -r '.certificates[0].new.serial' job.json).pem" sign.pem
  mv "all/$(jq -r '.certificates[1].new.serial' job.json).pem" encrypt.pem
  mv "all/$(jq -r '.certificates[0].old.serial' job.json).pem" old.pem
  openssl x509 -in sign.pem -outform DER -out sign.der
  openssl crl2pkcs7 -nocrl -certfile sign.pem -certfile encrypt.pem -certfile "$CA_FOLDER/bjca.pem" -outform DER -out both.p7b
  openssl genpkey -algorithm rsa -pkeyopt rsa_keygen_bits:2048 -out other.key 2>/dev/null
  openssl pkey -in other.key -pubout -out other.pub
  openssl x509 -in "$CA_FOLDER/bjca.pem" -signkey other.key -days 3650 -out nobody.pem 2>/dev/null
}

teardown_file() { end_renewal_stage; }

setup() { anew; }

# issued FILE [ARGUMENT…]: a signing certificate for the request of the token, by openssl and the keys of the practice CA.
issued() {
  printf 'keyUsage=critical,%s\n%s\n' "${USAGE:-digitalSignature,nonRepudiation}" "${MORE-}" >"$1.extensions"
  ${CLOCK:+faketime "$CLOCK"} openssl x509 -req -in "$ANSWER/request.pem" -CA "${BY:-$CA_FOLDER/bjca.pem}" -CAkey "${BY_KEY:-$CA_FOLDER/bjca.key}" \
    -extfile "$1.extensions" -days "${DAYS:-366}" "${@:2}" -out "$1" 2>errors || { cat errors && return 1; }
}

# unfit RULES ENGLISH CHINESE FILE…: refused for these rules, with these words, and the token is as it was.
unfit() {
  local before
  before=$(everything)
  run --separate-stderr renew install "${@:4}" --json
  [ "$status" -eq 8 ]
  says '.error.code == "certificate_unfit" and .result == "failed" and .generation == "former" and (.resume_due | not)' \
    '[.certificates[0].fitness[] | select(.result != "ok") | .check] == $rules' --argjson rules "$1"
  in_both renew install "${@:4}"
  [ "$status" -eq 8 ]
  [[ $said_en == *"$2"*"from before"* && $said_zh == *"$3"*"办理前"* ]]
  [ "$(everything)" = "$before" ]
  run ! ls records/ukey/renewals
}

@test "a request goes to standard output, verifies, and has the old subject octet for octet" {
  run --separate-stderr renew request
  [ "$status" -eq 0 ]
  [ -z "$stderr" ]
  openssl req -verify -noout <<<"$output"
  openssl req -outform DER <<<"$output" >request.der
  ukey cert export sign -t "$DUE" --format der -o old.der
  openssl x509 -in old.der -noout -subject -nameopt RFC2253 >old.subject
  openssl req -in request.der -inform DER -noout -subject -nameopt RFC2253 | diff - old.subject
  subject=$(openssl asn1parse -inform DER -in request.der | awk -F'[: ]+' '/SEQUENCE/ && $0 ~ /d=2/ {print; exit}' | grep -oE '^ *[0-9]+' | tr -d ' ')
  openssl asn1parse -inform DER -in request.der -strparse "$subject" -noout -out subject.request
  python3 -c 'import sys; sys.exit(open("subject.request", "rb").read() not in open("old.der", "rb").read())'
  diff <(openssl req -in request.der -inform DER -noout -pubkey) <(openssl x509 -in old.der -noout -pubkey)
}

@test "a request is written as PEM or DER, to a file that is named with its size" {
  run --separate-stderr renew request --out r.pem --json
  [ "$status" -eq 0 ]
  says '.result == "requested" and .files == [{"path": "r.pem", "bytes": $size}]' --argjson size "$(stat -c %s r.pem)"
  renew request --format der --out r.der
  openssl req -in r.der -inform DER -verify -noout
  diff <(openssl req -in r.der -inform DER -noout -pubkey) <(openssl req -in r.pem -noout -pubkey)
  in_both renew request --out r.pem
  [[ $said_en == *"r.pem"*"ukey renew install FILE -t "* && $said_zh == *"r.pem"*"ukey renew install FILE -t "* ]]
  run --separate-stderr renew request --json
  [ "$status" -eq 2 ]
  says '.error.code == "usage" and .error.subject == "--out FILE"'
}

@test "renew run by file writes the request and says what comes next" {
  run --separate-stderr renew run --out r.pem --json
  [ "$status" -eq 0 ]
  says '.result == "requested" and .via == "file" and .files[0].path == "r.pem"'
  openssl req -in r.pem -verify -noout
}

@test "a request that cannot be written is status 7, and leaves nothing behind" {
  before=$(everything)
  run renew request --out nowhere/r.pem
  [ "$status" -eq 7 ]
  run renew request --rekey --out nowhere/r.pem
  [ "$status" -eq 7 ]
  [ "$(ukey object list -t "$DUE" --pin-file "$PIN" --json | jq '[.objects[] | select(.class == "private_key")] | length')" -eq 2 ]
  run --separate-stderr ukey renew resume -t "$DUE" --json
  says '.result == "nothing_to_resume"'
}

@test "--rekey leaves a new pair on the token, and its certificate is installed to it" {
  run --separate-stderr renew request --rekey --out new.pem --json
  says '.result == "requested" and .requests[0].role == "sign"'
  id=$(jq -r '.requests[0].key_id' <<<"$output")
  ukey object list -t "$DUE" --pin-file "$PIN" --json |
    jq -e --arg id "$id" '[.objects[] | select(.id == $id) | .class] | sort == ["private_key", "public_key"]'
  run ! diff <(openssl req -in new.pem -noout -pubkey) <(openssl x509 -in "$ANSWER/old.pem" -noout -pubkey)
  issued new.crt -in new.pem
  run --separate-stderr renew install new.crt --json
  says '.result == "renewed" and .certificates[0].key_id == $id' --arg id "$id"
}

@test "issued certificates are taken from PEM, DER and PKCS#7, several files at once and in any order" {
  local former files
  former=$(holdings)
  for files in "sign.pem encrypt.pem" "encrypt.pem sign.der" both.p7b "sign.pem both.p7b sign.der"; do
    anew
    # shellcheck disable=SC2046,SC2086 # a list of words
    run --separate-stderr renew install $(printf "$ANSWER/%s " $files) --json
    echo "$files: $stderr" && [ "$status" -eq 0 ]
    says '.result == "renewed" and .generation == "renewed" and ([.certificates[].role] | sort) == ["encrypt", "sign"]' \
      '.certificates | all(.was_there | not)'
    [ "$(holdings | jq length)" -eq 4 ]
    [ "$(jq -c --argjson former "$former" '. - $former | length' <<<"$(holdings)")" -eq 2 ]
  done
}

@test "one certificate alone may be installed, with the CA's beside it; the other may follow" {
  run --separate-stderr renew install "$ANSWER/sign.pem" "$CA_FOLDER/bjca.pem" "$CA_FOLDER/root.pem" --json
  [ "$status" -eq 0 ]
  says '[.certificates[] | [.role, .new != null, .old != null]] == [["sign", true, true], ["encrypt", false, true]]'
  run --separate-stderr renew install "$ANSWER/encrypt.pem" "$ANSWER/sign.pem" --json
  says '.result == "renewed" and ([.certificates[] | select(.was_there) | .role] == ["sign"])'
  [ "$(holdings | jq length)" -eq 4 ]
}

@test "what a partial answer leaves as it is, is told with its end" {
  in_both renew install "$ANSWER/sign.pem"
  [[ $said_en == *"NOT renewed"*"encryption certificate, still until 20"* && $said_zh == *"没有续期"*加密证书仍到* ]]
  [[ $said_en != *"Old bids"* && $said_zh != *旧标书* ]]
  in_both renew install "$ANSWER/both.p7b"
  [[ $said_en != *"NOT renewed"* && $said_en == *"Old bids"* ]]
}

@test "what was installed before is told to have been there, and nothing is written twice" {
  renew install "$ANSWER/both.p7b"
  before=$(holdings)
  run --separate-stderr renew install "$ANSWER/both.p7b" --json --trace=trace
  [ "$status" -eq 0 ]
  says '.result == "renewed" and (.certificates | length) == 2 and (.certificates | all(.was_there))'
  run ! grep '^C_CreateObject' trace
  [ "$(holdings)" = "$before" ]
  in_both renew install "$ANSWER/both.p7b"
  [[ $said_en == *"was there already"* && $said_zh == *"原已在锁里"* ]]
}

@test "--retire-old removes the former signing certificate only, and no key" {
  run --separate-stderr renew install "$ANSWER/both.p7b" --retire-old --json
  says '[.certificates[] | select(.old_removed) | .role] == ["sign"] and .steps[-1] == {"step": "retire", "done": true}'
  ukey cert list -t "$DUE" --json | jq -e '[.certificates[].role] | sort == ["encrypt", "encrypt", "sign"]'
  ukey object list -t "$DUE" --pin-file "$PIN" --json | jq -e '[.objects[] | select(.class == "private_key")] | length == 2'
}

@test "--dry-run judges the files and writes nothing" {
  before=$(everything)
  run --separate-stderr renew install "$ANSWER/both.p7b" --dry-run --json
  [ "$status" -eq 0 ]
  says '.result == "not_tried" and .generation == "former" and (.certificates | all(.fitness | all(.result == "ok")))'
  [ "$(everything)" = "$before" ]
}

@test "a certificate of another holder does not fit" {
  issued bad.pem -subj '/C=CN/O=Other Practice Company/CN=Other Practice Company'
  unfit '["holder"]' "not the same holder's" 持有人与锁里的证书不同 bad.pem
}

@test "a certificate for signing does not fit the key for encryption, nor one for encryption the key for signing" {
  openssl x509 -in "$ANSWER/encrypt.pem" -noout -pubkey >encrypt.pub
  issued bad.pem -force_pubkey encrypt.pub
  unfit '["role"]' "its use does not fit" 它的密钥是另一用途的 bad.pem
  USAGE=keyEncipherment,dataEncipherment issued crossed.pem
  unfit '["role"]' "its use does not fit" 它的密钥是另一用途的 crossed.pem
  unfit '["role"]' "its use does not fit" 它的密钥是另一用途的 bad.pem crossed.pem
}

@test "a certificate of the token's key that makes a CA of its holder does not fit" {
  MORE='basicConstraints=critical,CA:TRUE' issued bad.pem
  unfit '["role","holder","later"]' "its use does not fit" 用途不符 bad.pem "$ANSWER/encrypt.pem"
}

@test "a certificate of a key that is not on the token does not fit" {
  issued bad.pem -force_pubkey "$ANSWER/other.pub"
  unfit '["key"]' "its private key is not on the token" 锁里没有它的私钥 bad.pem
}

@test "a certificate that ends no later than the old one does not fit" {
  needs faketime
  CLOCK='-355 days' issued bad.pem
  unfit '["later"]' "ends no later" 不比锁里现在的证书晚到期 bad.pem
  unfit '["later"]' "ends no later" 不比锁里现在的证书晚到期 "$ANSWER/old.pem"
}

@test "a certificate for a term that the platform does not have, or that was not asked for, does not fit" {
  DAYS=500 issued bad.pem
  unfit '["term"]' "its term is not one" 期限不是平台允许或所要求的年数 bad.pem
  issued one.pem
  unfit '["term"]' "its term is not one" 期限不是平台允许或所要求的年数 one.pem --years 2
}

@test "a certificate that has not begun does not fit" {
  needs faketime
  CLOCK='+2 days' issued bad.pem
  unfit '["begins"]' "it does not hold today" 现在不在它的有效期内 bad.pem
}

@test "a certificate from another CA does not fit" {
  BY=$CA_FOLDER/hbca.pem BY_KEY=$CA_FOLDER/hbca.key issued bad.pem
  unfit '["ca"]' "from another CA" 不是同一家CA bad.pem
}

@test "a certificate that no trusted CA issued does not fit, whatever name it bears" {
  BY=$ANSWER/nobody.pem BY_KEY=$ANSWER/other.key issued bad.pem
  unfit '["chain"]' "no CA that is trusted here issued it" 不是可信的CA签发的 bad.pem
  unfit '["chain"]' "no CA that is trusted here issued it" 不是可信的CA签发的 bad.pem "$ANSWER/nobody.pem"
}

@test "a certificate for a use that the token has none of does not fit" {
  USAGE=digitalSignature,keyEncipherment MORE=1.2.156.10260.4.1.4=ASN1:UTF8:91630000PRACT0016T issued bad.pem
  unfit '["role", "later"]' "no such certificate on the token" 锁里没有同样用途的证书 bad.pem
}

@test "two for one use do not fit, and are told as that" {
  issued one.pem && issued two.pem
  unfit '["role"]' "another came for the same use" 另有一张也是这个用途的 one.pem two.pem
  [[ $said_en != *"no certificate for that use"* ]]
}

@test "a file that is too large is told with the limit" {
  head -c 17000000 /dev/zero >large
  refused 7 renew install -t "$DUE" --pin-file "$PIN" --no-open-bids --yes large
  [[ $said_en == *"the file is too large: large (16 MiB)"* && $said_zh == *"文件太大：large (16 MiB)"* ]]
}

@test "one that does not fit among others stops all of them" {
  DAYS=500 issued bad.pem
  before=$(holdings)
  run --separate-stderr renew install "$ANSWER/encrypt.pem" bad.pem --json
  [ "$status" -eq 8 ]
  says '(.certificates | length) == 2 and .generation == "former"'
  [ "$(holdings)" = "$before" ]
}

@test "a CA's certificate alone is not what was asked for" {
  before=$(everything)
  in_both renew install "$CA_FOLDER/bjca.pem"
  [ "$status" -eq 8 ]
  [[ $said_en == *"none for this token"* && $said_zh == *"没有给这把锁的"* ]]
  [ "$(everything)" = "$before" ]
}

@test "a file that holds no certificate, or is not there, is status 7 before any login" {
  local file
  echo garbage >garbage
  : >empty
  head -c 200 "$ANSWER/sign.der" >cut.der
  cp "$ANSWER/request.pem" request.pem
  for file in garbage empty cut.der request.pem missing .; do
    refused 7 renew install "$file" -t "$DUE" --pin-file "$PIN" --no-open-bids --yes --trace=trace
    [[ ${said_en%%$'\n'*} == *": $file" ]]
    run ! grep '^C_Login' trace
  done
}

@test "the receipt of the fee is recorded with what was installed" {
  renew install "$ANSWER/both.p7b" --fee-receipt 'R-2026/7'
  record | jq -e '.fee_receipt == "R-2026/7" and .stage == "renewed" and (.items | length) == 2'
}
