#!/usr/bin/env bats
# shellcheck disable=SC2016,SC2030,SC2031,SC2154 # variables of jq; bats sets and reads the others
# Renewals that were interrupted: what is said of them in both languages, how a resume ends them or takes them back,
# and records that cannot be trusted.

load stage
load renewal

setup_file() { renewal_stage; }

teardown_file() { end_renewal_stage; }

setup() { anew; }

@test "an interrupted renewal names the resume that has to come next, and the resume says how it ended" {
  UKEY_PRACTICE_FAULT='C_CreateObject!:1=die' run renew run --ca-url "$CA_URL"
  refused 8 renew run -t "$DUE" --ca-url "$CA_URL" --pin-file "$PIN" --no-open-bids --yes
  [[ $said_en == *"an interrupted renewal"*"ukey renew resume;"*"ukey renew resume --undo"* && $said_en != *"another program"* ]]
  [[ $said_zh == *"中断的续期"*"ukey renew resume；"*"ukey renew resume --undo"* && $said_zh != *"别的程序"* ]]
  in_both ukey renew resume -t "$DUE" --dry-run
  UKEY_PRACTICE_FAULT=C_CreateObject=0x5,C_DestroyObject=0x5 in_both ukey renew resume -t "$DUE" --pin-file "$PIN" --yes
  [[ $said_en == *"ukey renew resume -t "*"ukey renew resume --undo -t "* ]]
  [[ $said_zh == *"ukey renew resume -t "*"ukey renew resume --undo -t "* ]]
  run --separate-stderr ukey renew resume -t "$DUE" --pin-file "$PIN" --yes --json
  says '.result == "renewed" and .generation == "renewed" and .via == "cmp" and .bids.answer == "none_open"'
}

@test "a damaged record ends a renewal and a resume, and whoever only looks is warned" {
  local file
  UKEY_PRACTICE_FAULT='C_CreateObject!:1=die' run renew run --ca-url "$CA_URL"
  file=$(echo "$XDG_STATE_HOME"/ukey/renewals/*/*.json)
  echo '{' >"$file"
  refused 7 renew resume -t "$DUE" --pin-file "$PIN" --yes
  [[ $said_en == *"$file"* && $said_zh == *"$file"* ]]
  refused 7 renew run -t "$DUE" --ca-url "$CA_URL" --pin-file "$PIN" --no-open-bids --yes
  run --separate-stderr ukey status -t "$DUE" --json
  [ "$status" -eq 0 ]
  [[ $stderr == *"warning: "*"$file"* ]]
  UKEY_LANG=zh run --separate-stderr ukey renew check -t "$DUE" --json
  [[ $stderr == *"警告："*"$file"* ]]
}

@test "a record that contradicts the certificates in it is told as damaged, and nothing is done" {
  local before file
  UKEY_PRACTICE_FAULT='C_CreateObject!:1=die' run renew run --ca-url "$CA_URL"
  before=$(holdings)
  file=$(echo "$XDG_STATE_HOME"/ukey/renewals/*/*.json)
  jq '.items[0].former = .items[0].fresh' "$file" >changed
  cp changed "$file"
  refused 7 renew resume -t "$DUE" --pin-file "$PIN" --yes
  refused 7 renew resume -t "$DUE" --pin-file "$PIN" --yes --undo
  [ "$(holdings)" = "$before" ]
}

@test "a request that may have reached the CA is sent again, or taken back with --undo" {
  local former again=(-t "$DUE" --pin-file "$PIN" --yes --json)
  former=$(holdings)
  UKEY_PRACTICE_FAULT=C_Sign:2=die run renew run --ca-url "$CA_URL" --rekey
  run --separate-stderr ukey renew resume "${again[@]}" --undo
  says '.result == "undone" and .generation == "former"'
  [ "$(holdings)" = "$former" ]
  [ "$(ukey object list -t "$DUE" --pin-file "$PIN" --json | jq '[.objects[] | select(.class == "private_key")] | length')" -eq 2 ]
  UKEY_PRACTICE_FAULT=C_Sign:2=die run renew run --ca-url "$CA_URL"
  run --separate-stderr ukey renew resume "${again[@]}"
  says '.result == "renewed" and (.certificates | all(.fitness | all(.result == "ok")))'
}

@test "where nothing was interrupted a resume does nothing, without login" {
  run --separate-stderr ukey renew resume -t "$DUE" --json --trace=trace
  [ "$status" -eq 0 ]
  says '.result == "nothing_to_resume" and .generation == null and .bids == null'
  run ! grep C_Login trace
  in_both ukey renew resume -t "$DUE"
}

@test "status and check of an interrupted renewal name the resume as the next step; while it is at work it is none" {
  local serial
  serial=$(ukey status -t "$DUE" --json | jq -r '.tokens[0].token.serial')
  UKEY_PRACTICE_FAULT='C_CreateObject!:1=die' run renew run --ca-url "$CA_URL"
  for lang in zh en; do
    for words in status "renew check"; do
      # shellcheck disable=SC2086 # a list of words
      UKEY_LANG=$lang run --separate-stderr ukey $words -t "$DUE"
      echo "$output"
      [[ $output == *"ukey renew resume -t $serial"*"ukey renew resume --undo -t $serial"* && $output != *"renew run"* ]]
      fits <<<"$output"
      fits <<<"$stderr"
      [[ $stderr == *"ukey renew resume --undo"* ]]
    done
  done
  run --separate-stderr ukey status -t "$DUE" --json
  says '.tokens[0] | .resume_due and .renewal.next_step == "renew_now"'
  mkfifo gate
  "$UKEY_BIN" renew resume -t "$DUE" --pin-command 'cat gate' --yes >resumed 2>&1 3>&- &
  local resume=$!
  await_of "$resume" pgrep -P "$resume" -x cat
  run --separate-stderr ukey status -t "$DUE"
  cat "$PIN" >gate
  [[ $stderr != *interrupted* && $output != *"renew resume"* ]]
  wait "$resume"
}
