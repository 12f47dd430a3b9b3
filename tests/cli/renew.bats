#!/usr/bin/env bats
# shellcheck disable=SC2016,SC2030,SC2031,SC2154 # variables of jq; bats sets and reads the others
# `renew run | request | resume` on practice tokens with the practice CA: what is said in both languages, what is
# refused and when, and that a refusal changes nothing.

load stage
load renewal

setup_file() { renewal_stage; }

teardown_file() { end_renewal_stage; }

setup() { anew; }

@test "a renewal says in one document what was done, what was asked and what is new" {
  run --separate-stderr renew run --ca-url "$CA_URL" --json
  [ "$status" -eq 0 ]
  [ -z "$stderr" ]
  says '.command == "renew run" and .result == "renewed" and .generation == "renewed" and .resume_due == false' \
    '.via == "cmp" and .renewal.verdict == "open" and (.steps | all(.done))' \
    '.bids == {"answer": "none_open", "typed": false, "at": .as_of, "files": [], "unread": []}' \
    '[.requests[].role] == ["sign"] and [.certificates[].role] == ["sign", "encrypt"]' \
    '.certificates | all(.new.not_after > .old.not_after and (.fitness | all(.result == "ok")) and (.old_removed | not))' \
    '[.certificates[] | .new.sha256, .old.sha256] | sort == $held' --argjson held "$(holdings)"
}

@test "the text of a renewal fits 80 columns in both languages, with until when and where the old ones are" {
  in_both renew run --ca-url "$CA_URL" --retire-old
  anew
  in_both renew run --ca-url "$CA_URL"
  [ "$status" -eq 8 ] # the second of the two
  anew
  UKEY_LANG=en run renew run --ca-url "$CA_URL"
  fits <<<"$output"
  [[ $output == "● RENEWED "*"New until "*"keys tried"*"still on the token"*"withdrawn before the deadline"* ]]
  anew
  UKEY_LANG=zh run renew run --ca-url "$CA_URL"
  fits <<<"$output"
  [[ $output == "● 已续期 "*"新证书至"*"密钥已试用"*"仍在锁里"*"撤回"* ]]
}

@test "after a renewal the next one is too early: status 8, and with --if-due a success that does nothing" {
  renew run --ca-url "$CA_URL"
  before=$(everything)
  refused 8 renew run -t "$DUE" --ca-url "$CA_URL" --pin-file "$PIN" --no-open-bids --yes
  run --separate-stderr renew run --ca-url "$CA_URL" --json
  says '.error.code == "window_closed"'
  run --separate-stderr renew run --ca-url "$CA_URL" --json --if-due --trace=trace
  [ "$status" -eq 0 ]
  says '.result == "not_due" and .generation == "former" and .bids == null and .renewal.next_step == "wait"'
  run ! grep C_Login trace
  in_both renew run --ca-url "$CA_URL" --if-due
  [ "$status" -eq 0 ]
  [ "$(everything)" = "$before" ]
}

@test "a token that is not due is a success with --if-due, without login, way to the CA or question" {
  run --separate-stderr ukey renew run -t "${LABEL[master]}" --if-due --json --trace=trace
  [ "$status" -eq 0 ]
  says '.result == "not_due" and (.steps | all(.done | not))'
  run ! grep C_Login trace
}

@test "a token that cannot be renewed at all is refused with --if-due too" {
  refused 8 renew run -t "${LABEL[jsca]}" --if-due --ca-url "$CA_URL"
  [[ $said_en == *"first-issue"* && $said_zh == *"初次办理"* ]]
  refused 8 renew run -t "${LABEL[master-expired]}" --if-due --ca-url "$CA_URL"
  refused 6 renew run -t "${LABEL[blank]}" --if-due --ca-url "$CA_URL"
}

@test "--dry-run logs in and signs the request, but writes nothing and asks no CA" {
  before=$(everything)
  run --separate-stderr renew run --ca-url "$CA_URL" --dry-run --json --trace=trace
  [ "$status" -eq 0 ]
  says '.result == "not_tried" and .generation == "former" and (.requests | length) == 1 and .certificates == []' \
    '[.steps[] | select(.done) | .step] == ["verdict", "bids", "login", "request"]'
  [ "$(grep -c '^C_Login ' trace)" -eq 1 ]
  run ! grep -E 'C_(CreateObject|DestroyObject|SetAttributeValue|GenerateKeyPair)' trace
  renew run --ca-url "$CA_URL" --dry-run --rekey --json | jq -e '.requests == []'
  in_both renew run --ca-url "$CA_URL" --dry-run
  [ "$(everything)" = "$before" ]
  run ! ls records/ukey/renewals
}

@test "what is missing on the command line is named in both languages, before any login" {
  before=$(everything)
  run=(renew run -t "$DUE" --pin-file "$PIN" --no-open-bids --yes --trace=trace)
  refused 2 "${run[@]}"
  [[ $said_en == *"--ca-url URL"*"--ca-command COMMAND"*"--out FILE"* && $said_zh == *"--ca-url 地址"*"--ca-command 程序"*"--out 文件"* ]]
  refused 2 "${run[@]}" --via cmp
  [[ $said_en == *"missing: --ca-url URL"* && $said_zh == *"缺少：--ca-url URL"* ]]
  refused 2 "${run[@]}" --via command
  [[ $said_en == *"missing: --ca-command COMMAND"* ]]
  refused 2 "${run[@]}" --via file
  [[ $said_en == *"missing: --out FILE"* ]]
  refused 2 "${run[@]}" --ca-url nonsense
  [[ $said_en == *"not a possible value: nonsense"* && $said_zh == *"这个值不对：nonsense"* ]]
  refused 7 "${run[@]}" --ca-url "$CA_URL" --ca-secret-file missing
  run ! grep C_Login trace
  [ "$(everything)" = "$before" ]
}

@test "a token without a certificate is sent to the first issue" {
  refused 6 renew run -t "${LABEL[blank]}" --pin-file "$PIN" --no-open-bids --yes --ca-url "$CA_URL"
  [[ $said_en == *"no certificate to renew"*"ukey guide first-issue"* && $said_zh == *"没有可以续期的证书"*"ukey guide first-issue"* ]]
}

# told EXIT EN ZH ARGUMENT…: how a renewal with these arguments ends, in both languages.
told() {
  in_both renew run "${@:4}"
  [ "$status" -eq "$1" ]
  [[ $said_en == *"$2"* && $said_zh == *"$3"* ]]
}

@test "what goes wrong on the way to the CA is told as what it is" {
  : >empty
  told 7 "the file of the CA's secret holds none" CA口令的文件内容不对 --ca-url "$CA_URL" --ca-secret-file empty
  [[ $said_en != *PIN* || $said_en == *"--ca-secret-file"* ]]
  told 9 "is not understood: neither a certificate" 看不懂 --ca-command "echo nothing"
  [[ $said_en != *answer_not* && $said_zh != *answer_not* ]]
  told 9 "did not end within its time limit: sleep (1 s)" 没有在时限内结束 --ca-command "sleep 30" --profiles "$(hasty)"
  [[ $said_en != *"network"* ]]
}

# A folder of profiles in which BJCA has a second to answer.
hasty() {
  mkdir -p hasty/cas
  { cat "$STAGE_ROOT/pkcs11-profiles/cas/bjca.toml" && printf '[renewal]\nvia = "file"\ntimeout_seconds = 1\n'; } >hasty/cas/bjca.toml
  echo hasty
}

@test "a CA that nobody trusts is not asked" {
  mv "$CA_FOLDER" away
  refused 2 renew run -t "$DUE" --pin-file "$PIN" --no-open-bids --yes --ca-url "$CA_URL" --trace=trace
  mv away "$CA_FOLDER"
  [[ $said_en == *"--ca-file"* && $said_zh == *"--ca-file"* ]]
  run ! grep C_Login trace
}

@test "a certificate that does not fit is refused before the CA may believe it taken, for its register too" {
  local before # the CA has issued this token nothing yet: it would give the same again
  before=$(holdings "$SUB")
  mkdir -p own/platforms
  sed 's/^term_years = { value = \[1, 2\]/term_years = { value = [2]/' "$STAGE_ROOT/pkcs11-profiles/platforms/qinghai.toml" >own/platforms/qinghai.toml
  run --separate-stderr ukey --profiles own renew run -t "$SUB" --pin-file "$PIN" --no-open-bids --yes --ca-url "$CA_URL" --json
  [ "$status" -eq 8 ]
  says '.error.code == "certificate_unfit" and .generation == "former" and (.resume_due | not)' \
    '[.certificates[0].fitness[] | select(.result != "ok") | .check] == ["term"]'
  # the register's newest entry
  grep '^state withdrawn' "$(find "$CA_FOLDER/issued" -name '*.pem' | sort | tail -n 1)"
  [ "$(holdings "$SUB")" = "$before" ]
}

@test "a term is one that the platform allows, and is asked for" {
  local years
  for years in 0 3 x 1x -1; do
    refused 2 renew run -t "$DUE" "--years=$years" --ca-url "$CA_URL"
    [[ $said_en == *"not a possible value: --years $years (1,2)"* ]]
    refused 2 renew request -t "$DUE" "--years=$years"
  done
  run --separate-stderr ukey renew run -t "$SUB" --ca-url "$CA_URL" --pin-file "$PIN" --no-open-bids --yes --years 2 --json
  says '.result == "renewed" and (.certificates[0] | (.new.not_after[:4] | tonumber) - (.old.not_after[:4] | tonumber)) == 2'
}

@test "without a terminal nothing is renewed unless --yes confirms it" {
  before=$(everything)
  refused 2 renew run -t "$DUE" --ca-url "$CA_URL" --pin-file "$PIN" --no-open-bids
  [[ $said_en == *"--yes"* && $said_zh == *"--yes"* ]]
  [ "$(everything)" = "$before" ]
}

@test "a wrong PIN is one try, changes nothing and asks no CA" {
  before=$(everything)
  run --separate-stderr ukey renew run -t "$DUE" --ca-url "$CA_URL" --pin-file "$BATS_FILE_TMPDIR/wrong-pin" --no-open-bids --yes --json --trace=trace
  [ "$status" -eq 5 ]
  says '.error.code == "pin_wrong"'
  [ "$(grep -c '^C_Login ' trace)" -eq 1 ]
  [ "$(everything)" = "$before" ]
  [ "$(ukey pin status -t "$DUE" --json | jq -r .pin.user)" = count_low ]
  run ! ls records/ukey/renewals
}

@test "a locked token gets no PIN, and the CA is not asked" {
  for _ in {1..6}; do ukey pin verify -t "$SUB" --pin-file "$BATS_FILE_TMPDIR/wrong-pin" --use-final-try >/dev/null 2>&1 || true; done
  before=$(everything)
  refused 5 renew run -t "$SUB" --ca-url "$CA_URL" --pin-file "$PIN" --no-open-bids --yes
  [[ $said_en == *"ukey pin unlock"* && $said_zh == *"ukey pin unlock"* ]]
  [ "$(everything)" = "$before" ]
}

@test "a CA that is not there leaves the token as it was: status 9, and no resume is due" {
  before=$(holdings)
  run --separate-stderr renew run --ca-url http://127.0.0.1:1/ --json
  [ "$status" -eq 9 ]
  says '.error.code == "ca_unreachable" and .result == "failed" and .generation == "former" and (.resume_due | not)'
  in_both renew run --ca-url http://127.0.0.1:1/
  [[ $said_en == *"the token now holds: the certificates from before"* && $said_zh == *"锁里现在是：办理前的证书"* ]]
  [ "$(holdings)" = "$before" ]
}

@test "status and check name the command that comes next, with the token" {
  local serial
  serial=$(ukey status -t "$DUE" --json | jq -r '.tokens[0].token.serial')
  for lang in zh en; do
    UKEY_LANG=$lang run ukey status -t "$DUE"
    echo "$output"
    [[ $output == *"ukey renew run -t $serial"* ]]
    UKEY_LANG=$lang run ukey renew check -t "$DUE"
    [[ $output == *"ukey renew run -t $serial"* ]]
  done
}

@test "a program of the site renews a token of another make" {
  needs pkcs11-tool softhsm2-util
  unset UKEY_MODULE
  store makers
  local ca=$CA_FOLDER module
  module=$(softhsm_module)
  softhsm2-util --init-token --free --label renewed --pin "$SOFTHSM_PIN" --so-pin 0000 >/dev/null
  printf 'keyUsage=critical,digitalSignature,nonRepudiation\n' >extensions
  openssl req -new -newkey rsa:2048 -nodes -keyout key.pem -subj '/C=CN/O=Practice Company/CN=Practice Company' -out old.req 2>/dev/null
  openssl x509 -req -in old.req -CA "$ca/bjca.pem" -CAkey "$ca/bjca.key" -days 20 -extfile extensions -outform DER -out old.der 2>/dev/null
  openssl pkcs8 -topk8 -nocrypt -in key.pem -outform DER -out key.der
  pkcs11-tool --module "$module" --login --pin "$SOFTHSM_PIN" --write-object key.der --type privkey --id 01 --label key --usage-sign >/dev/null
  openssl pkey -in key.pem -pubout -outform DER -out public.der
  pkcs11-tool --module "$module" --login --pin "$SOFTHSM_PIN" --write-object public.der --type pubkey --id 01 --label key >/dev/null
  pkcs11-tool --module "$module" --write-object old.der --type cert --id 01 --label key --login --pin "$SOFTHSM_PIN" >/dev/null
  cat >site <<EOF
#!/bin/sh
jq -e '.token.label == "renewed" and .years == 1' "\$UKEY_FACTS" >/dev/null || exit 1
openssl x509 -req -CA $ca/bjca.pem -CAkey $ca/bjca.key -days 366 -extfile $PWD/extensions 2>/dev/null
EOF
  chmod +x site
  (umask 077 && printf %s "$SOFTHSM_PIN" >softhsm-pin)
  forgive_leaks
  run --separate-stderr ukey -m "$module" renew run -t renewed --ca-command "$PWD/site" --years 1 --ca-dir "$ca" --pin-file softhsm-pin --no-open-bids --yes --json
  [ "$status" -eq 0 ]
  says '.via == "command" and .result == "renewed" and (.certificates | length) == 1'
  pkcs11-tool --module "$module" --list-objects --type cert | grep -c 'Certificate Object' | grep -x 2
}
