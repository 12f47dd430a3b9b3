#!/usr/bin/env bats
# shellcheck disable=SC2016,SC2030,SC2031,SC2154 # variables of jq; bats sets and reads the others
# Open bids and renewals: the question, its answers by option and at a terminal, bid files that are looked into, and
# what is recorded.

load stage
load pin
load renewal

setup_file() {
  renewal_stage
  cd "$BATS_FILE_TMPDIR" || return 1
  echo bid >bid
  ukey envelope encrypt bid -o mine.tbwj -t "$DUE" -q >/dev/null
  ukey envelope encrypt bid -o theirs.tbwj -t "$SUB" -q >/dev/null
  mkdir folder && cp mine.tbwj folder
  python3 -c 'import zipfile
with zipfile.ZipFile("bids.zip", "w") as out: out.write("mine.tbwj", "inside/mine.tbwj")'
  export FILES=$BATS_FILE_TMPDIR
}

teardown_file() { end_renewal_stage; }

setup() { anew; }

# Without an answer about bids.
silent() { ukey renew "$1" -t "$DUE" --pin-file "$PIN" --yes "${@:2}"; }

# typed [PATTERN ANSWER]… -- ARGUMENT…: a renewal at a terminal, in English.
typed() {
  local answers=()
  while [ "$1" != -- ]; do answers+=("$1") && shift; done
  at_terminal "${answers[@]}" -- "$UKEY_BIN" renew run -t "$DUE" --pin-file "$PIN" --ca-url "$CA_URL" "${@:2}"
}

@test "without a terminal an answer is missing, and --yes gives none" {
  local verb before
  before=$(everything)
  for verb in "run --ca-url $CA_URL" request "install $CA_FOLDER/bjca.pem"; do
    # shellcheck disable=SC2086 # a list of words
    refused 8 renew $verb -t "$DUE" --pin-file "$PIN" --yes --trace=trace
    [[ $said_en == *"--no-open-bids"*"--bids-withdrawn"* && $said_zh == *"--no-open-bids"*"--bids-withdrawn"* ]]
    run ! grep C_Login trace
  done
  run --separate-stderr silent run --ca-url "$CA_URL" --json
  says '.error.code == "bid_unanswered"'
  [ "$(everything)" = "$before" ]
}

# The attempt that the ledger holds last.
attempt() { ukey batch export --format jsonl -q | tail -1; }

@test "at a terminal the question says what is at stake; what is neither yes nor no is no answer" {
  local before answer
  before=$(everything)
  for answer in '\r' 'maybe\r' 'none\r' '\004'; do
    typed 'no bid is open' "$answer" -- --yes
    [ "$status" -eq 8 ]
    grep -q 'cannot be decrypted' transcript
    grep -q 'was not answered' transcript
    attempt | jq -e '.error.code == "bid_unanswered" and .bids == null'
  done
  [ "$(everything)" = "$before" ]
}

@test "a no at the terminal says that a bid is open: refused as such, with the answer on record" {
  local before answer
  before=$(everything)
  for answer in 'n\r' ' NO \r'; do
    typed 'no bid is open' "$answer" -- --yes
    [ "$status" -eq 8 ]
    grep -q 'a bid is open' transcript
    grep -q 'withdraw the bid first' transcript
    attempt | jq -e '.result == "failed" and .error.code == "bid_open" and (.user | length) > 0
      and .bids.answer == "open" and .bids.typed and .bids.at >= .begun[0:10]'
  done
  UKEY_LANG=zh typed '没有投标正在进行' '否\r' -- --yes
  [ "$status" -eq 8 ]
  grep -q 有投标在进行 transcript
  [ "$(everything)" = "$before" ]
  run ! ls records/ukey/renewals
}

@test "yes at the terminal goes on to the confirmation, which names token and holder" {
  typed 'no bid is open' 'y\r' 'Renew its certificates now' 'n\r' --
  [ "$status" -eq 2 ]
  run ! ls records/ukey/renewals
  typed 'no bid is open' 'y\r' 'Renew its certificates now' 'yes\r' --
  [ "$status" -eq 0 ]
  grep -q "$DUE" transcript
  grep -q 青海练习建设有限公司 transcript
  record | jq -e '.bids | .answer == "none_open" and .typed'
}

@test "the questions are put in Chinese too, and 是 is yes" {
  UKEY_LANG=zh typed '没有投标正在进行' '是\r' '办理续期吗' 'y\r' --
  [ "$status" -eq 0 ]
  grep -q 将无法解密 transcript
  sed 's/\r$//' transcript | fits
}

@test "an envelope that the current certificate opens stops the renewal and is named" {
  local before named path
  before=$(everything)
  for path in mine.tbwj folder bids.zip; do
    case $path in bids.zip) named="$FILES/bids.zip / inside/mine.tbwj" ;; folder) named=$FILES/folder/mine.tbwj ;; *) named=$FILES/mine.tbwj ;; esac
    refused 8 renew run -t "$DUE" --pin-file "$PIN" --yes --no-open-bids --ca-url "$CA_URL" --bid-files "$FILES/$path" -q
    [[ ${said_en%%$'\n'*} == *"$named" && ${said_zh%%$'\n'*} == *"$named" ]]
    [[ $said_en == *"--bids-withdrawn"* ]]
  done
  run --separate-stderr silent run --ca-url "$CA_URL" --no-open-bids --bid-files "$FILES/mine.tbwj" --json --trace=trace
  [ "$status" -eq 8 ]
  says '.error.code == "bid_open"'
  run ! grep C_Login trace
  refused 8 renew request -t "$DUE" --pin-file "$PIN" --yes --no-open-bids --bid-files "$FILES/mine.tbwj"
  [ "$(everything)" = "$before" ]
}

@test "an envelope that something else is put around, before or behind does not get past" {
  local before path
  before=$(everything)
  cd "$FILES" || return 1
  { cat mine.tbwj && echo trailing; } >longer
  { head -c 100000 /dev/zero && cat mine.tbwj && echo end; } >inside
  { printf 'Content-Type: multipart/mixed; boundary=x\n\n--x\n\nthe bid\n--x\n' &&
    printf 'Content-Type: application/pkcs7-mime\nContent-Transfer-Encoding: base64\n\n' &&
    base64 mine.tbwj && printf '%s\n' --x--; } >message
  openssl req -x509 -nodes -newkey rsa:2048 -keyout signer.key -out signer.pem -days 9 -subj /CN=signer 2>/dev/null
  openssl cms -sign -nodetach -binary -in mine.tbwj -outform DER -signer signer.pem -inkey signer.key -out signed
  cd - || return 1
  for path in longer inside message signed; do
    refused 8 renew run -t "$DUE" --pin-file "$PIN" --yes --no-open-bids --ca-url "$CA_URL" --bid-files "$FILES/$path" -q
    [[ ${said_en%%$'\n'*} == *"$FILES/$path"* ]]
  done
  [ "$(everything)" = "$before" ]
}

@test "bids that were withdrawn do not stop it, and that is recorded" {
  run --separate-stderr silent run --ca-url "$CA_URL" --bids-withdrawn --bid-files "$FILES/mine.tbwj" --bid-files "$FILES/theirs.tbwj" --json
  [ "$status" -eq 0 ]
  says '.result == "renewed" and .bids.answer == "withdrawn" and (.bids.typed | not)' \
    '.bids.files == [$one, $two]' --arg one "$FILES/mine.tbwj" --arg two "$FILES/theirs.tbwj"
  record | jq -e '.bids.answer == "withdrawn" and (.bids.files | length) == 2'
}

@test "that no bid is open and that bids were withdrawn are two answers, of which one is refused" {
  refused 2 renew run -t "$DUE" --pin-file "$PIN" --yes --no-open-bids --bids-withdrawn --ca-url "$CA_URL" --trace=trace
  [[ $said_en == *"contradict"*"--no-open-bids, --bids-withdrawn"* && $said_zh == *"互相矛盾"* ]]
  run ! grep C_ trace
}

@test "an envelope for somebody else is no open bid, and no answer either" {
  run --separate-stderr silent run --ca-url "$CA_URL" --bid-files "$FILES/theirs.tbwj" --json
  [ "$status" -eq 8 ]
  says '.error.code == "bid_unanswered"'
  run --separate-stderr renew run --ca-url "$CA_URL" --bid-files "$FILES/theirs.tbwj" --json
  [ "$status" -eq 0 ]
  says '.result == "renewed"'
}

@test "a bid file that is not there is status 7; one that says nothing is noted" {
  local before
  before=$(everything)
  refused 7 renew run -t "$DUE" --pin-file "$PIN" --yes --no-open-bids --ca-url "$CA_URL" --bid-files missing
  [ "$(everything)" = "$before" ]
  run --separate-stderr renew run --ca-url "$CA_URL" --bid-files "$FILES/bid"
  [ "$status" -eq 0 ]
  [[ $stderr == *"$FILES/bid"* ]]
}

@test "the record holds the answer, the receipt, the term and the real time, belongs to its owner, and holds no PIN" {
  local tomorrow
  tomorrow=$(date -u -d '+1 day' +%Y-%m-%dT%H:%M:%SZ)
  run --separate-stderr renew run --ca-url "$CA_URL" --fee-receipt '收据 42' --as-of "$tomorrow" --json
  [ "$status" -eq 0 ]
  says '.as_of == $at and .as_of_overridden < $at and .bids.at == .as_of_overridden' --arg at "$tomorrow"
  record | jq -e --arg at "$tomorrow" '.fee_receipt == "收据 42" and .begun >= $at and .real_time < $at and .stage == "renewed"
    and .bids == {"answer": "none_open", "typed": false, "at": .real_time, "files": [], "unread": []}'
  run ! grep -r "$PRACTICE_PIN" records
  run find records/ukey -type d ! -perm 700
  [ -z "$output" ]
}

@test "a renewal after bids were opened leaves them readable: the token opens old and new files" {
  renew run --ca-url "$CA_URL"
  ukey envelope decrypt "$FILES/mine.tbwj" -t "$DUE" --pin-file "$PIN" -o opened
  cmp opened "$FILES/bid"
  ukey envelope check "$FILES/mine.tbwj" -t "$DUE" --json | jq -e '.envelopes[0].opens == "older"'
  ukey envelope encrypt "$FILES/bid" -o new.tbwj -t "$DUE" -q
  ukey envelope decrypt new.tbwj -t "$DUE" --pin-file "$PIN" -o again
  cmp again "$FILES/bid"
}
