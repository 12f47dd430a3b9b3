#!/usr/bin/env bats
# shellcheck disable=SC2016,SC2030,SC2031,SC2153,SC2154 # variables of jq; bats sets and reads the others
# Tokens of another machine, by p11-kit's server and client: the same answers, the same number of calls, renewals that
# survive a line that breaks, and a plain word about what does not pass.

load ../cli/stage
load ../cli/renewal
load remote

setup_file() {
  needs p11-kit pkcs11-tool cc openssl jq
  renewal_stage
  forgive_leaks # of p11-kit's client, and of what is killed
  export XDG_RUNTIME_DIR=$BATS_FILE_TMPDIR/r MASTER=${LABEL[master]}
  mkdir -m 700 "$XDG_RUNTIME_DIR"
  cc -O1 -o bad_line "$STAGE_ROOT/tests/peers/bad_line.c"
}

teardown_file() { end_renewal_stage; }

setup() {
  export UKEY_MODULE=practice
  anew
  needs_remoting
}

teardown() { all_fall; }

# by_line AT HOW: the tokens, over a line that is bad from octet AT on.
by_line() {
  all_fall
  serve "$(practice_module)"
  stands "$XDG_RUNTIME_DIR/line" "$BATS_FILE_TMPDIR/bad_line" "$XDG_RUNTIME_DIR/line" "${P11_KIT_SERVER_ADDRESS#*=}" "$@"
}

# plainly COMMAND…: its document without the time and the names of modules, in one order: SoftHSM has none.
plainly() {
  ukey "$@" --json |
    jq -S 'del(.as_of, (.. | objects | .modules?)) | walk(if type == "array" then sort else . end)'
}

# calls COMMAND…: how many it makes.
calls() {
  ukey "$@" --trace=trace >/dev/null
  grep -c '^C_[A-Za-z]* *CKR_' trace
}

by_cmp() { renew run --via cmp --ca-url "$CA_URL" --json "$@"; }

@test "a served token says what it says in its place, in as many calls" {
  local command one=(-t "$DUE" --pin-file "$PIN")
  for command in list status "cert list ${one[*]}" "lock ${one[*]}" "seal show ${one[*]}" "pin status -t $DUE" \
    "renew check -t $DUE" "object list ${one[*]}"; do
    # shellcheck disable=SC2086 # words of a command
    { UKEY_MODULE=practice plainly $command >there.json && UKEY_MODULE=practice calls $command >there.calls; }
    [ ${#SERVERS[@]} -gt 0 ] || serve "$(practice_module)"
    # shellcheck disable=SC2086 # the same
    { plainly $command >here.json && calls $command >here.calls; }
    echo "$command: $(cat there.calls) calls"
    diff there.json here.json
    diff there.calls here.calls
  done
}

@test "mechanisms that p11-kit cannot pass are not shown, those for RSA and ECDSA are" {
  serve "$(practice_module)"
  run ukey mechanism list -t "$DUE" --json
  [ "$status" -eq 0 ]
  says '[.mechanisms[].name] | contains(["CKM_RSA_PKCS", "CKM_RSA_PKCS_PSS", "CKM_RSA_PKCS_OAEP", "CKM_RSA_PKCS_KEY_PAIR_GEN",
    "CKM_ECDSA", "CKM_EC_KEY_PAIR_GEN"]) and all(.[]; . != "CKM_ECDH1_DERIVE")'
  says 'any(.mechanisms[]; .vendor) | not'
}

@test "PINs are verified, changed, unlocked and counted through the server as in the place" {
  (umask 077 && echo 24681357 >new && echo 87654321 >so)
  serve "$(practice_module)"
  ukey pin verify -t "$DUE" --pin-file "$PIN"
  run -5 ukey pin verify -t "$DUE" --pin-file "$BATS_FILE_TMPDIR/wrong-pin"
  run ukey pin status -t "$DUE" --json
  says '.pin.user == "count_low"'
  ukey pin change -t "$DUE" --pin-file "$PIN" --new-pin-file new
  ukey -m practice pin verify -t "$DUE" --pin-file new
  ukey pin unlock -t "${LABEL[locked]}" --so-pin-file so --new-pin-file new
  ukey -m practice pin verify -t "${LABEL[locked]}" --pin-file new
}

@test "a renewal by CMP and the opening of old envelopes pass, PKCS #1 and OAEP" {
  local padding
  ukey cert export encrypt -t "$DUE" >former.pem
  echo bid >bid
  openssl cms -encrypt -binary -in bid -outform DER -aes-256-cbc -out pkcs1 former.pem
  openssl cms -encrypt -binary -in bid -outform DER -aes-256-gcm -out oaep -recip former.pem \
    -keyopt rsa_padding_mode:oaep -keyopt rsa_oaep_md:sha256
  serve "$(practice_module)"
  run --separate-stderr by_cmp --rekey
  echo "$output$stderr"
  [ "$status" -eq 0 ]
  says '.result == "renewed" and .error == null'
  for padding in pkcs1 oaep; do ukey envelope decrypt "$padding" -t "$DUE" --pin-file "$PIN" -o - | cmp - bid; done
  holdings >here
  UKEY_MODULE=practice holdings | cmp - here
  run ukey renew resume -t "$DUE" --json
  says '.result == "nothing_to_resume"'
}

# ends_whole: the resume over a healthy server leaves one generation whole, and says which.
ends_whole() {
  serve "$(practice_module)"
  run --separate-stderr renew resume --json
  echo "resume, exit $status: $output$stderr"
  [ "$status" -eq 0 ]
  holdings >now
  if cmp -s now former; then
    says '.result == "undone" or .result == "nothing_to_resume"'
  else
    says '.result == "renewed"'
    [ "$(jq length now)" -eq 4 ]
  fi
  run ukey renew resume -t "$DUE" --json
  says '.result == "nothing_to_resume"'
}

@test "a server that goes away in the midst of a renewal is exit 3 and named, and a resume makes the token whole" {
  local fault
  holdings >former
  for fault in C_SignInit:1=die C_Sign:2=die C_CreateObject:1=die 'C_CreateObject!:1=die' C_CreateObject:2=die \
    'C_CreateObject!:2=die' C_Decrypt=die; do
    anew
    holdings >former
    serve "$(practice_module)" "$fault"
    run --separate-stderr by_cmp
    echo "$fault, exit $status: $output$stderr"
    [ "$status" -eq 3 ]
    says '.error.code == "module_broken" and .error.ckr == "CKR_DEVICE_ERROR" and (.error.subject | endswith("p11-kit-client.so"))
      and (.error.hint | contains("p11-kit server") and contains("renew resume"))'
    ends_whole
  done
}

server_hangs() {
  local child
  for child in $(pgrep -P "${SERVERS[-1]}"); do if hangs "$child"; then return 0; fi; done
  return 1
}

@test "a client that is killed in the midst of a renewal leaves what a resume makes whole" {
  local fault client
  for fault in C_Sign:2=hang C_CreateObject:2=hang; do
    anew
    holdings >former
    serve "$(practice_module)" "$fault"
    "$UKEY_BIN" renew run -t "$DUE" --pin-file "$PIN" --no-open-bids --yes --via cmp --ca-url "$CA_URL" --trace=trace \
      >/dev/null 2>&1 3>&- </dev/null &
    client=$!
    await_of "$client" server_hangs
    kill -KILL "$client"
    wait "$client" || true
    all_fall
    ends_whole
  done
}

@test "a server that stops answering is given up after --timeout, and the renewal can be resumed" {
  holdings >former
  serve "$(practice_module)" C_CreateObject:1=hang
  run --separate-stderr by_cmp --timeout 3
  [ "$status" -eq 3 ]
  says '.error.code == "module_timeout" and .error.call == "C_CreateObject" and (.error.hint | contains("p11-kit server"))'
  ends_whole
  kill -STOP "${SERVERS[-1]}"
  run --separate-stderr ukey status --timeout 2
  kill -CONT "${SERVERS[-1]}"
  [ "$status" -eq 3 ]
  [[ $stderr == *"did not answer in time"*"p11-kit server"* ]]
}

@test "a line that breaks in a reading loses the module, and no seal is called missing for it" {
  by_line 2500 cut
  run --separate-stderr ukey status -t "$MASTER" --json
  [ "$status" -eq 3 ]
  says '.tokens[0] | .state == "failed" and .error.code == "module_broken"' \
    '.modules[0].state == "failed"'
  by_line 40000 cut
  run --separate-stderr ukey lock -t "$MASTER" --json
  [ "$status" -eq 3 ]
  says '.error.code == "module_broken" and .error.call == "C_GetAttributeValue"'
}

# No PIN is in play here.
@test "garbled words of a server end as a refusal or a failure, never in a crash or a hang" {
  local how at start=0 step=1201
  [ -z "${UKEY_FULL-}" ] || step=37
  for how in cut noise flip silent; do
    for ((at = (start += 277) % step; at < 9000; at += step)); do
      by_line "$at" "$how"
      run timeout 60 "$UKEY_BIN" status -t "$MASTER" --json --timeout 1
      echo "$how at $at, exit $status: $output"
      case $status in 0 | 3 | 4 | 6) ;; *) return 1 ;; esac
    done
  done
}

@test "without a server no token is found, and the hint says what to start, in both languages" {
  export UKEY_MODULE=remote P11_KIT_SERVER_ADDRESS=unix:path=$XDG_RUNTIME_DIR/nothing
  refused 4 list
  [[ $said_en == *"p11-kit server runs"*P11_KIT_SERVER_ADDRESS* && $said_zh == *"p11-kit server 是否在运行"* ]]
  export P11_KIT_SERVER_ADDRESS=nonsense
  refused 3 list
  [[ $said_en == *"p11-kit server"* ]]
}

# A token with a key on P-256 in a SoftHSM store of its own, and its certificate in ec.pem.
ec_token() {
  local tool=(pkcs11-tool --module "$(softhsm_module)" --token-label ec --login --pin "$SOFTHSM_PIN")
  store ec
  softhsm2-util --init-token --free --label ec --pin "$SOFTHSM_PIN" --so-pin 12345678 >/dev/null
  "${tool[@]}" --keypairgen --key-type EC:prime256v1 --id 01 --usage-sign --usage-derive >/dev/null 2>&1
  "${tool[@]}" --read-object --type pubkey --id 01 -o ec.pub 2>/dev/null
  openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout ca.key -subj /O=BJCA/CN=CA -out ca.pem 2>/dev/null
  openssl x509 -new -force_pubkey <(openssl pkey -pubin -inform DER -in ec.pub) -subj '/C=CN/O=甲公司/CN=甲公司' -CA ca.pem \
    -CAkey ca.key -days 20 -extfile <(echo keyUsage=digitalSignature,keyAgreement) -out ec.pem
  openssl x509 -in ec.pem -outform DER -out ec.der
  "${tool[@]}" --write-object ec.der --type cert --id 01 >/dev/null 2>&1
  (umask 077 && echo "$SOFTHSM_PIN" >ec.pin)
}

@test "ECDSA passes, ECDH is not supported, with the advice to work on the machine that holds the token" {
  ec_token
  serve "$(softhsm_module)"
  ukey renew request -t ec --pin-file ec.pin --no-open-bids --yes --out request.pem
  openssl req -in request.pem -noout -verify
  ukey renew resume -t ec --undo --pin-file ec.pin --yes
  echo bid >bid
  openssl cms -encrypt -binary -in bid -outform DER -aes-256-cbc -out sealed ec.pem
  ukey -m "$(softhsm_module)" envelope decrypt sealed -t ec --pin-file ec.pin -o - | cmp - bid
  refused 6 envelope decrypt sealed -t ec --pin-file ec.pin -o opened
  [[ $said_en == *CKR_MECHANISM_INVALID*"over ssh"*ledger* && $said_zh == *ssh*台账* ]]
  [ ! -e opened ]
  # the advice is the module's, by whatever name it was loaded
  run -6 ukey -m p11-kit-client.so envelope decrypt sealed -t ec --pin-file ec.pin -o opened
  [[ $output == *"over ssh"* ]]
}

@test "several runs at once have logins of their own on one server" {
  local label pids=() pid
  serve "$(practice_module)"
  for label in "$DUE" "$SUB" "$MASTER" "${LABEL[expert]}"; do
    ukey object list -t "$label" --pin-file "$PIN" --json >"$label.json" 3>&- &
    pids+=($!)
    ukey object list -t "$label" --json >"$label.public" 3>&- &
    pids+=($!)
  done
  for pid in "${pids[@]}"; do wait "$pid"; done
  for label in "$DUE" "$SUB" "$MASTER" "${LABEL[expert]}"; do
    jq -e 'any(.objects[]; .class == "private_key")' "$label.json"
    jq -e 'all(.objects[]; .private | not)' "$label.public"
  done
}

@test "a token that is unplugged there is gone here with the next run, and in mid-run it is exit 4" {
  serve "$(practice_module)"
  ukey practice unplug sub-due >/dev/null
  run ukey list --json
  says 'all(.tokens[]; .token.label != $sub) and (.tokens | length == 8)' --arg sub "$SUB"
  ukey practice plug sub-due >/dev/null
  ukey list -t "$SUB"
  serve "$(practice_module)" C_GetAttributeValue:1=0x32
  run --separate-stderr ukey cert list -t "$SUB" --json
  [ "$status" -eq 4 ]
  says '.error.code == "token_removed"'
}
