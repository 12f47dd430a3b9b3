# shellcheck shell=bash disable=SC2016,SC2154 # jq has variables of its own; bats sets the others
# Documents of every command, and the keys in them, for the cases that hold ukey-json(5) to the program.

# document [NAME=VALUE…] ARGUMENT…: what the program says with --json, whatever its exit status.
document() {
  local settings=()
  while [[ ${1-} == *=* && $1 != -* ]]; do settings+=("$1") && shift; done
  env "${settings[@]}" "$UKEY_BIN" --json "$@" </dev/null 2>>errors >>documents || true
}

# Documents of every command, also of what seldom occurs.
# shellcheck disable=SC2086 # two words of a command
say_everything() {
  local one=(-t "${LABEL[master]}") due=(-t "${LABEL[master-due]}") command
  printf %s "$PRACTICE_PIN" >pin
  document --as-of 2030-01-01 status
  document status -m practice -m "$PWD/nothing.so"
  document UKEY_PRACTICE_FAULT=C_GetTokenInfo:1=0x30 status
  document UKEY_PRACTICE_FAULT=C_GetTokenInfo:1=0x30 list --all --as-of 2030-01-01
  document list -m practice -m "$PWD/nothing.so"
  ukey cert export sign "${one[@]}" -o certificate.pem >/dev/null
  ukey cert export encrypt "${one[@]}" -o encrypt.pem >/dev/null
  ukey seal export unit --raw "${one[@]}" -o unit.esl >/dev/null
  for command in "cert list" "cert show" "cert verify"; do
    document $command "${one[@]}" --as-of 2030-01-01
    document $command --file certificate.pem
    document UKEY_PRACTICE_FAULT=C_GetAttributeValue=0x6 $command "${one[@]}"
  done
  document cert verify "${one[@]}" --pin-file pin
  document cert export "${one[@]}" -o certificates --as-of 2030-01-01
  document cert export --file certificate.pem -o again.pem
  document lock "${one[@]}" --as-of 2030-01-01
  for command in "seal list" "seal show"; do
    document $command "${one[@]}" --as-of 2030-01-01
    document $command --file unit.esl
  done
  document UKEY_PRACTICE_FAULT=C_GetAttributeValue:4=0x6 seal show "${one[@]}"
  document seal export "${one[@]}" -o seals --as-of 2030-01-01
  document seal export --file unit.esl -o again.png
  document renew check "${due[@]}"
  document renew check "${one[@]}" --as-of 2030-01-01
  (say_renewals)
  (say_batches)
  say_pins
  say_envelopes
  document guide renew --as-of 2030-01-01
  document guide first-issue
  document object list "${one[@]}" --pin-file pin --as-of 2030-01-01
  document UKEY_PRACTICE_FAULT=C_GetAttributeValue=0x6 object list "${one[@]}"
  say_watch
  document mechanism list "${one[@]}" --as-of 2030-01-01
  document UKEY_PRACTICE_FAULT=C_GetMechanismInfo=0x6 mechanism list "${one[@]}"
  say_profiles
  for command in "list" "unplug master" "plug master" "remove master --yes"; do
    document practice $command --as-of 2030-01-01
  done
  document UKEY_PRACTICE="$PWD/drawer" practice create blank --as-of 2030-01-01
  practice_ca --json --as-of 2030-01-01
  end_practice_ca
  cat ca.said >>documents
  document lock
  document nonsense
}

# On a drawer and with records of its own, of which nothing is left for the others.
# shellcheck disable=SC2046 # a list of words
say_renewals() {
  local due=(-t "${LABEL[master-due]}" --as-of "$(made_at)") said=(--pin-file pin --no-open-bids --yes) by_cmp
  cp -a "$UKEY_PRACTICE" renewing
  export UKEY_PRACTICE=$PWD/renewing XDG_STATE_HOME=$PWD/state
  practice_ca --as-of "$(made_at)"
  by_cmp=(--ca-url "$CA_URL" "${said[@]}")
  document renew run -t "${LABEL[master]}" --if-due --ca-url "$CA_URL" "${said[@]}"
  document renew run "${due[@]}" --dry-run "${by_cmp[@]}"
  document renew run "${due[@]}" --out request.pem "${said[@]}"
  document renew request "${due[@]}" --out request.pem "${said[@]}"
  document UKEY_PRACTICE_FAULT=C_CreateObject=0x30 renew run "${due[@]}" "${by_cmp[@]}"
  document UKEY_PRACTICE_FAULT=C_Sign:2=die renew run "${due[@]}" "${by_cmp[@]}"
  document renew resume "${due[@]}" --undo --pin-file pin --yes
  document UKEY_PRACTICE_FAULT=C_Sign:2=die renew run "${due[@]}" "${by_cmp[@]}"
  document status "${due[@]}"
  document renew check "${due[@]}"
  document renew resume "${due[@]}" --pin-file pin --yes
  document renew resume "${due[@]}"
  ukey cert export "${due[@]}" -o renewed >/dev/null
  document renew install "${due[@]}" "${said[@]}" \
    $(ukey cert list "${due[@]}" --json | jq -r '.certificates[] | select(.current) | "renewed/\(.serial).pem"')
  document renew install "${due[@]}" "${said[@]}" certificate.pem
  document UKEY_PRACTICE_FAULT=C_DestroyObject=0x1b renew run -t "${LABEL[sub-due]}" --retire-old "${by_cmp[@]}"
  end_practice_ca
}

# On a drawer of its own, in which one unit has two main locks.
say_batches() {
  cp -a "$UKEY_PRACTICE" twofold
  export UKEY_PRACTICE=$PWD/twofold
  second_master
  printf 'serial,years\n01,7\n' >manifest.csv
  document batch plan -m practice -m "$PWD/nothing.so"
  document batch plan --manifest manifest.csv --as-of 2030-01-01
  document status -m practice
  say_batch_work
}

# A batch with its ledger; the lines of a resume have the same keys.
say_batch_work() {
  local said=(--pin-file pin --no-open-bids --via cmp --as-of "$(made_at)" --ledger ledger.db)
  practice_ca --as-of "$(made_at)"
  document UKEY_PRACTICE_FAULT=@master-due/C_CreateObject=0x30 batch run "${said[@]}" --ca-url "$CA_URL"
  document batch resume --ledger ledger.db
  end_practice_ca
  document batch status --ledger ledger.db --as-of "$(made_at)"
  document batch status --ledger ledger.db --all
  document batch status --ledger ledger.db --token "${LABEL[sub-due]}"
  document batch status --ledger ledger.db --superseded 01
  document batch export --ledger ledger.db --as-of "$(made_at)"
}

say_pins() {
  local one=(-t "${LABEL[master]}" --as-of 2030-01-01)
  printf 87654321 >so
  printf 24681357 >new
  document pin status "${one[@]}"
  document pin verify "${one[@]}" --pin-file pin
  document pin change "${one[@]}" --pin-file pin --new-pin-file new --dry-run
  document pin unlock "${one[@]}" --so-pin-file so --new-pin-file new --dry-run
  document UKEY_PRACTICE_FAULT=C_InitPIN=0x32 pin unlock "${one[@]}" --so-pin-file so --new-pin-file new --yes
}

say_envelopes() {
  local one=(-t "${LABEL[master]}" --as-of 2030-01-01) today=(-t "${LABEL[master]}")
  document envelope encrypt pin "${today[@]}" -o sealed
  document envelope encrypt pin --file encrypt.pem -o sealed --yes --as-of "$(made_at)"
  document envelope check sealed pin "${one[@]}"
  document envelope decrypt sealed "${one[@]}" --pin-file pin -o opened
}

say_profiles() {
  local profile=$STAGE_ROOT/pkcs11-profiles
  document profile list --as-of 2030-01-01
  # one of every kind with all that it may say: the examples of ukey-profile(5)
  mkdir -p own/tokens own/cas own/platforms
  awk '/^\.\\" file: / {file = "own/" $3} /^\.Ed/ {file = ""} /^\.Bd/ {next} file != "" && !/^\./ {print >file}' "$MAN/ukey-profile.5"
  cp "$profile"/platforms/qinghai.toml own/platforms
  document profile show practice --as-of 2030-01-01
  document profile show example --profiles own
  document profile show exampleca --profiles own
  document profile show qinghai
  document profile check
  echo 'id = "other"' >wrong.toml
  document profile check wrong.toml
}

# COMMAND <tab> PATH of every key in the documents, list indices folded to []; where keys are data, to *.
keys_said() {
  jq -r '(if has("event") then
        (if ((.command // "") | startswith("batch")) or has("number") or .event == "summary" then "batch run" else "watch" end)
      elif has("error") then "error" else .command end) as $command
    | paths | select(.[-1] | type == "string")
    | if .[0] == "reasons" and length > 1 then ["reasons", "*"] else . end
    | if .[0:2] == ["profile", "sources"] and length > 2 then ["profile", "sources", "*"]
      elif .[0:2] == ["profile", "issuers"] and length > 3 then ["profile", "issuers", 0, "*"] else . end
    | "\($command)\t" + (map(if type == "number" then "[]" else "." + . end) | add | ltrimstr("."))' documents | sort -u
}
