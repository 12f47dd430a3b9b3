#!/usr/bin/env bats
# shellcheck disable=SC2016,SC2030,SC2031,SC2154 # variables of jq; bats sets and reads the others
# What a renewal asks of the token, counted by OpenSC's pkcs11-spy between the program and the module: a refusal makes no
# call that writes, and what is refused before the PIN makes no login.

load ../cli/stage
load issuer

# A whole renewal of one master over a program of the site: two certificates found, one request signed, two certificates
# written, all read back, both keys tried. A change that needs more calls than now has to say why.
CALLS_NOW=113
WRITING='C_(CreateObject|CopyObject|DestroyObject|SetAttributeValue|GenerateKey|GenerateKeyPair|UnwrapKey|DeriveKey|InitToken|InitPIN|SetPIN)'

setup_file() {
  quiet_environment
  needs openssl faketime jq setsid pkcs11-tool
  forgive_leaks # of SoftHSM and the spy
  cd "$BATS_FILE_TMPDIR" || return 1
  ready_token master-due
  answers
  echo 1000000 >bid
  mkdir bids
  openssl cms -encrypt -binary -in bid -outform DER -aes-256-cbc -out bids/sealed.p7m old-encrypt.pem
}

setup() {
  cd "$BATS_FILE_TMPDIR" || return 1
  SPY=/usr/lib/x86_64-linux-gnu/pkcs11-spy.so
  [ -e "$SPY" ] || SPY=$(find /usr/lib /usr/lib64 -name pkcs11-spy.so 2>/dev/null | head -n 1)
  [ -n "$SPY" ] || skip "OpenSC's pkcs11-spy.so is not installed"
  PKCS11SPY=$(practice_module)
  export PKCS11SPY PKCS11SPY_OUTPUT=$BATS_TEST_TMPDIR/log
}

# A program that certifies the key of the request, and the encryption key.
ask_for_new_key() {
  printf '%s\n' '#!/bin/bash' "cd '$PWD'; . '$STAGE_ROOT/tests/peers/issuer.bash'; . ./holder" 'openssl req -pubkey -noout >asked.pub' \
    'end=$(due old-sign.pem 1)' 'certify sign "$end" asked.pub; certify encrypt "$end" encrypt.pub' >new_key
  chmod +x new_key
  echo "$PWD/new_key"
}

# What a CA might answer, right and wrong; each of the wrong ones by one thing only.
answers() {
  local end
  end=$(due old-sign.pem 1)
  both "$end" >right.pem
  USCC=91630000PRACT9999X both "$end" >holder.pem
  openssl pkey -in nobody.key -pubout >nobody.pub
  certify sign "$end" nobody.pub >key.pem
  both "$(due old-sign.pem 3)" >term.pem
  BEGIN=$(($(end_of old-sign.pem) - 365 * 86400)) both "$(end_of old-sign.pem)" >later.pem
  other_root
  ISSUER=other both "$end" >chain.pem
}

# A CA of the same name that nobody here trusts.
other_root() {
  openssl req -x509 -newkey rsa:2048 -nodes -keyout other.key -out other.pem -days 3650 -utf8 \
    -subj '/C=CN/O=BJCA/OU=BJCA/CN=Practice BJCA' 2>/dev/null
}

# spied WORD…: a command of `renew` with the spy between.
spied() {
  rm -f "$PKCS11SPY_OUTPUT"
  run --separate-stderr setsid -w "$UKEY_BIN" -m "$SPY" renew "$@" --pin-file pin --yes --json </dev/null
  echo "renew $*: exit $status: $output$stderr"
}

calls() { grep -cE '^[0-9]+: C_' "$PKCS11SPY_OUTPUT"; }

calls_of() { grep -cE "^[0-9]+: $1\$" "$PKCS11SPY_OUTPUT"; }

writes_nothing() {
  [ "$(calls)" -ge 5 ]
  [ "$(calls_of "$WRITING")" -eq 0 ]
}

# refuses CODE: by the rules, without a login and without a call that writes.
refuses() {
  [ "$status" -eq 8 ]
  says '.error.code == $code' --arg code "$1"
  writes_nothing
  [ "$(calls_of C_Login)" -eq 0 ]
}

# after TIME SECONDS: that much later.
after() { jq -nr --arg time "$1" --argjson seconds "$2" '$time | fromdate + $seconds | todate'; }

# unfit RULE FILE: neither as the answer of a CA nor as a file does it come onto the token, for that reason alone.
unfit() {
  spied run --ca-command "cat $2" --no-open-bids
  [ "$status" -eq 8 ]
  says '.error.code == "certificate_unfit" and .result == "failed" and .generation == "former" and (.resume_due | not)'
  writes_nothing
  spied install --no-open-bids "$2"
  [ "$status" -eq 8 ]
  says '.error.code == "certificate_unfit" and ([.certificates[].fitness[] | select(.result != "ok").check] | unique == [$rule])' \
    --arg rule "$1"
  writes_nothing
}

@test "before the window opens, to the second, nobody logs in and nothing is written" {
  local opens
  opens=$(ukey renew check --json | jq -r .renewal.opens)
  spied run --ca-command 'cat right.pem' --no-open-bids --as-of "$(after "$opens" -1)"
  refuses window_closed
  spied run --ca-command 'cat right.pem' --no-open-bids --if-due --as-of "$(after "$opens" -1)"
  [ "$status" -eq 0 ]
  says '.result == "not_due"'
  writes_nothing
  [ "$(calls_of C_Login)" -eq 0 ]
  spied request --no-open-bids --out request.pem --as-of "$(after "$opens" -1)"
  refuses window_closed
  [ ! -e request.pem ]
  spied run --ca-command 'cat right.pem' --no-open-bids --dry-run --as-of "$opens"
  [ "$status" -eq 0 ]
}

@test "after the last second of the certificates nobody logs in and nothing is written" {
  local closes
  closes=$(ukey renew check --json | jq -r .renewal.closes)
  spied run --ca-command 'cat right.pem' --no-open-bids --as-of "$(after "$closes" 1)"
  refuses window_closed
  spied run --ca-command 'cat right.pem' --no-open-bids --if-due --as-of "$(after "$closes" 1)"
  refuses window_closed
  spied run --ca-command 'cat right.pem' --no-open-bids --dry-run --as-of "$closes"
  [ "$status" -eq 0 ]
}

@test "a CA that does not renew is refused before anybody logs in" {
  ukey practice plug jsca >/dev/null
  spied run --ca-command 'cat right.pem' --no-open-bids -t "${LABEL[jsca]}"
  ukey practice unplug jsca >/dev/null
  refuses ca_not_renewable
}

@test "without an answer about open bids, or with a bid for this token, nobody logs in" {
  spied run --ca-command 'cat right.pem'
  refuses bid_unanswered
  spied install right.pem
  refuses bid_unanswered
  spied run --ca-command 'cat right.pem' --bid-files bid # no envelope, and no answer
  refuses bid_unanswered
  spied run --ca-command 'cat right.pem' --bid-files bids --no-open-bids
  refuses bid_open
  says '.error.subject | contains("sealed.p7m")'
  spied run --ca-command 'cat right.pem' --bid-files bids --bids-withdrawn --dry-run
  [ "$status" -eq 0 ]
}

@test "answers for another holder, another key, another term, an untrusted CA's, or not later, write nothing" {
  local before rule
  before=$(objects)
  for rule in holder key term later chain; do unfit "$rule" "$rule.pem"; done
  cat other.pem >>chain.pem # that CA's own certificate beside them makes it no more trusted
  unfit chain chain.pem
  is_over
  diff <(objects) - <<<"$before"
}

@test "an answer without the encryption certificate, or with none at all, writes nothing" {
  openssl x509 -in right.pem -out half.pem # the first one
  spied run --ca-command 'cat half.pem' --no-open-bids
  [ "$status" -eq 8 ]
  says '.error.code == "certificate_unfit"'
  writes_nothing
  spied run --ca-command 'cat other.pem' --no-open-bids
  [ "$status" -eq 8 ]
  says '.error.code == "certificate_unfit"'
  writes_nothing
}

@test "a trial run logs in and signs, and writes nothing, also with new keys" {
  local before
  before=$(objects)
  spied run --ca-command 'touch asked' --no-open-bids --dry-run
  [ "$status" -eq 0 ]
  says '.result == "not_tried"'
  writes_nothing
  [ "$(calls_of C_Login)" -eq 1 ]
  spied run --ca-command 'touch asked' --no-open-bids --dry-run --rekey --retire-old
  [ "$status" -eq 0 ]
  writes_nothing
  spied install --no-open-bids --dry-run right.pem
  [ "$status" -eq 0 ]
  says '.result == "not_tried" and all(.certificates[].fitness[]; .result == "ok")'
  writes_nothing
  [ ! -e asked ]
  is_over
  diff <(objects) - <<<"$before"
}

@test "a whole renewal writes two objects, logs in once, and makes no more calls than it made" {
  spied run --ca-command 'cat right.pem' --no-open-bids
  [ "$status" -eq 0 ]
  says '.result == "renewed"'
  echo "$(calls) calls"
  [ "$(calls)" -le "$CALLS_NOW" ]
  [ "$(calls_of C_CreateObject)" -eq 2 ]
  [ "$(calls_of "$WRITING")" -eq 2 ]
  [ "$(calls_of C_Login)" -eq 1 ]
  [ "$(calls_of C_OpenSession)" -eq "$(calls_of C_CloseSession)" ]
  [ "$(calls_of C_Finalize)" -eq 1 ]
  anew
}

@test "with new keys one pair is made and nothing destroyed, and a removal destroys one object" {
  spied run --ca-command "$(ask_for_new_key)" --no-open-bids --rekey --retire-old
  [ "$status" -eq 0 ]
  says '.result == "renewed"'
  [ "$(calls_of C_GenerateKeyPair)" -eq 1 ]
  [ "$(calls_of C_CreateObject)" -eq 2 ]
  [ "$(calls_of C_DestroyObject)" -eq 1 ]
  [ "$(calls_of "$WRITING")" -eq 4 ]
  anew
}
