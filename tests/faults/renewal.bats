#!/usr/bin/env bats
# shellcheck disable=SC2016,SC2030,SC2031,SC2154 # variables of jq; bats sets and reads the others
# A renewal that is killed, or whose calls fail, at each point in turn: after a resume the token holds exactly the former
# certificates or exactly the renewed ones, and the program says which. Thinned unless UKEY_FULL is set.

load ../cli/stage

# The codes that each call answers with in turn: device removed, device error, device memory, session invalid, a
# vendor's own.
CODES=(0x32 0x30 0x31 0xb3 0x80000a05)

setup_file() {
  quiet_environment
  forgive_leaks # what a killed or failing process leaves behind is not the matter here
  drawer
  export UKEY_MODULE=practice
  cd "$BATS_FILE_TMPDIR" || return 1
  # shellcheck disable=SC2046 # a list of words
  ukey practice unplug $(for name in "${!LABEL[@]}"; do [ "$name" = master-due ] || echo "$name"; done) >/dev/null
  cp -a "$UKEY_PRACTICE" pristine
  (umask 077 && echo "$PRACTICE_PIN" >pin)
  practice_ca --listen 127.0.0.1:0
  echo "$CA_PID" >ca.pid
  echo "$CA_URL" >url
  for way in plain new_keys removing; do
    anew
    if [ $way = new_keys ]; then holdings new_keys; else holdings; fi >"former.$way"
    renew $way >/dev/null
    if [ $way = new_keys ]; then holdings new_keys; else holdings; fi >"renewed.$way"
    calls $way >"calls.$way"
  done
  # Where the token said that it was full, the former signing certificate made room.
  cp renewed.removing swapped.plain
  jq -c 'del(.[map(.[0]) | index("sign")])' renewed.new_keys >swapped.new_keys
}

teardown_file() { kill "$(cat "$BATS_FILE_TMPDIR/ca.pid")"; }

setup() { cd "$BATS_FILE_TMPDIR" || return 1; }

# The token as it was made, and no journal; the CA keeps what it has issued.
anew() {
  rm -rf "$UKEY_PRACTICE/tokens" "$UKEY_PRACTICE/state" "$HOME/.local"
  local part
  for part in pristine/*; do
    case $part in */ca) ;; *) rm -rf "${UKEY_PRACTICE:?}/${part#*/}" && cp -a "$part" "$UKEY_PRACTICE" ;; esac
  done
}

renew() {
  local options=()
  case $1 in new_keys) options=(--rekey) ;; removing) options=(--retire-old) ;; esac
  ukey renew run --via cmp --ca-url "$(cat url)" --pin-file pin --no-open-bids --yes --json "${options[@]}" "${@:2}"
}

resume() { ukey renew resume --pin-file pin --yes --json "$@"; }

# The certificates on the token; new keys give new certificates each time, so there only roles and dates count.
holdings() { ukey cert list --json | jq -c '[.certificates[] | if $by == "new_keys" then [.role, .not_after] else .sha256 end] | sort' --arg by "${1-}"; }

# How many calls a whole renewal of this kind makes.
calls() {
  anew
  renew "$1" --trace=trace >/dev/null
  grep -c '^C_' trace
}

# points WAY: the numbers of calls to try, each STRIDE-th from START on, in a full run all.
points() {
  local last start=${START:-1} stride=${STRIDE:-9}
  last=$(cat "calls.$1")
  [ -z "${UKEY_FULL-}" ] || start=1 stride=1
  seq "$start" "$stride" $((last + 1))
}

# settled WAY [FAULT]: after a resume the token holds one generation whole, and the document says which.
settled() {
  local document holds
  document=$(resume) || { echo "resume: exit $?: $document" && return 1; }
  if [ "$1" = new_keys ]; then holds=$(holdings new_keys); else holds=$(holdings); fi
  if [ "$holds" = "$(cat "former.$1")" ]; then
    jq -e '.result == "undone" or .result == "nothing_to_resume"' <<<"$document" >/dev/null
  elif [ "$holds" = "$(cat "renewed.$1")" ] || [[ ${2-} == *=0x31 && $holds == "$(cat "swapped.$1")" ]] ||
    [[ $1 == removing && $holds == "$(cat renewed.plain)" ]]; then # the former one did not go
    jq -e '.result == "renewed" or .result == "nothing_to_resume"' <<<"$document" >/dev/null
  else
    echo "neither the former nor the renewed certificates: $holds" && return 1
  fi || { echo "it holds $holds, but says $document" && return 1; }
  [ "$(resume | jq -r .result)" = nothing_to_resume ]
  usable
}

# Every private key has its public one and the other way about, and the token still signs and decrypts.
usable() {
  local counts
  counts=$(ukey object list --pin-file pin --json | jq -c '[.objects[].class] | group_by(.) | map({(.[0]): length}) | add')
  jq -e '.private_key == .public_key' <<<"$counts" >/dev/null || { echo "keys: $counts" && return 1; }
}

# everywhere WAY FAULT: the fault at each point in turn.
everywhere() {
  local point tried=0
  for point in $(points "$1"); do
    anew
    UKEY_PRACTICE_FAULT=${2//N/$point} renew "$1" >document 2>said || true
    settled "$1" "$2" || { echo "way $1, fault ${2//N/$point}" && cat document said && return 1; }
    tried=$((tried + 1))
  done
  echo "$tried points" >&3
}

@test "the three ways of renewing are whole: the certificates after them are others than before" {
  for way in plain new_keys removing; do
    echo "$way: $(cat "calls.$way") calls"
    [ "$(cat "former.$way")" != "$(cat "renewed.$way")" ]
    [ "$(cat "calls.$way")" -gt 40 ]
  done
  [ "$(jq length renewed.plain)" -eq 4 ]
  [ "$(jq length renewed.removing)" -eq 3 ]
}

@test "killed before each call, a renewal ends after a resume with one generation whole" { everywhere plain '*:N=die'; }

@test "killed after each call, a renewal ends after a resume with one generation whole" { everywhere plain '*!:N=die'; }

@test "killed before each call, a renewal with new keys ends after a resume with one generation whole" {
  STRIDE=14 everywhere new_keys '*:N=die'
}

@test "killed after each call, a renewal with new keys ends after a resume with one generation whole" {
  STRIDE=14 everywhere new_keys '*!:N=die'
}

@test "killed after each call, a renewal that removes the former certificate ends with one generation whole" {
  STRIDE=14 everywhere removing '*!:N=die'
}

@test "each call failing in turn, with each code, leaves one generation whole after a resume" {
  local start=1
  for code in "${CODES[@]}"; do STRIDE=25 START=$((start += 4)) everywhere plain "*:N=$code"; done
}

@test "each call failing in turn, with new keys, leaves one generation whole after a resume" {
  local start=1
  for code in "${CODES[@]}"; do STRIDE=40 START=$((start += 7)) everywhere new_keys "*:N=$code"; done
}

@test "each call failing in turn, with a removal, leaves one generation whole after a resume" {
  for code in 0x30 0x5; do STRIDE=40 everywhere removing "*:N=$code"; done
}

@test "each call of a resume killed in turn, another resume still ends with one generation whole" {
  local point stride=5
  [ -z "${UKEY_FULL-}" ] || stride=1
  for point in $(seq 1 "$stride" 62); do
    anew
    UKEY_PRACTICE_FAULT='C_CreateObject!:1=die' renew plain >/dev/null 2>&1 || true
    UKEY_PRACTICE_FAULT="*!:$point=die" resume >/dev/null 2>&1 || true
    settled plain || { echo "point $point" && return 1; }
  done
}

@test "each call of taking back a renewal killed, or failing, in turn, a resume ends with one generation whole" {
  local point fault cut start=0 stride=24
  [ -z "${UKEY_FULL-}" ] || stride=1
  for cut in C_DestroyObject:1 C_DestroyObject!:1; do # the former is still there; it is gone
    for fault in '*!:N=die' '*:N=0x30'; do
      for point in $(seq $((1 + (start += 5) % stride)) "$stride" 140); do
        anew
        UKEY_PRACTICE_FAULT=$cut=die renew removing >/dev/null 2>&1 || true
        UKEY_PRACTICE_FAULT=${fault//N/$point} resume --undo >/dev/null 2>&1 || true
        settled removing || { echo "cut at $cut, ${fault//N/$point}" && return 1; }
      done
    done
  done
}

@test "a renewal that has removed the former certificate is taken back from what its record kept" {
  for cut in C_DestroyObject:1=die C_DestroyObject!:1=die C_DestroyObject!:1=0xb3; do
    anew
    UKEY_PRACTICE_FAULT=$cut renew removing >/dev/null 2>&1 || true
    run --separate-stderr resume --undo
    [ "$status" -eq 0 ]
    says '.result == "undone" and .generation == "former"'
    holdings | diff - former.removing
  done
}

@test "a removal is what the token shows afterwards, whatever the call answered" {
  anew
  UKEY_PRACTICE_FAULT='C_DestroyObject!:1=0x30' run --separate-stderr renew removing
  [ "$status" -eq 0 ]
  says '.result == "renewed" and .leftovers == [] and ([.certificates[] | .old_removed] | any)'
  holdings | diff - renewed.removing
  anew
  UKEY_PRACTICE_FAULT='C_DestroyObject:1=0x30' run --separate-stderr renew removing
  [ "$status" -eq 0 ]
  says '.result == "renewed" and ([.certificates[] | .old_removed] | any | not)'
  says '[.leftovers[] | .class, .error.call, .error.rv] == ["certificate", "C_DestroyObject", "0x30"]'
  holdings | diff - renewed.plain
}

@test "a write whose outcome nobody knows is told as such" {
  anew
  UKEY_PRACTICE_FAULT='C_CreateObject!:2=unplug' run --separate-stderr renew plain
  [ "$status" -eq 4 ]
  says '.generation == "unknown" and .resume_due'
  ukey practice plug master-due >/dev/null
  settled plain
}

# on_disk INJECTION: what strace does to each writing of the journal in turn.
on_disk() {
  local point
  needs strace
  strace -f -o /dev/null true 2>/dev/null || skip "strace may not trace here"
  for point in $(seq 1 12); do
    anew
    strace -f -o /dev/null -e "trace=${1%%:*}" -e "inject=$1:when=$point" "$UKEY_BIN" renew run --via cmp --ca-url "$(cat url)" \
      --pin-file pin --no-open-bids --yes --json >document 2>said || true
    settled plain || { echo "$1 at $point" && cat document said && return 1; }
  done
}

@test "killed at each writing of the journal, a renewal ends after a resume with one generation whole" {
  on_disk rename:signal=KILL
  on_disk fsync:signal=KILL
}

@test "a disk that is full at each writing of the journal leaves one generation whole" {
  on_disk fsync:error=ENOSPC
}

@test "a token that is full keeps its former certificate when the new one cannot be written" {
  anew
  UKEY_PRACTICE_FAULT='C_CreateObject:1=0x31,C_CreateObject:2=0x31' run --separate-stderr renew plain
  [ "$status" -eq 6 ]
  says '.error.code == "token_full" and .generation == "former" and (.resume_due | not)'
  holdings | diff - former.plain
}

@test "a token that is full swaps the signing certificate for its successor" {
  anew
  UKEY_PRACTICE_FAULT='C_CreateObject:1=0x31' run --separate-stderr renew plain
  [ "$status" -eq 0 ]
  says '.result == "renewed" and .generation == "renewed"'
  [ "$(holdings | jq length)" -eq 3 ]
}

@test "while one renewal works on a token, a second one is refused and changes nothing" {
  anew
  mkfifo gate
  "$UKEY_BIN" renew run --via cmp --ca-url "$(cat url)" --pin-command 'cat gate' --no-open-bids --yes --json >first 3>&- &
  local first=$!
  await_of "$first" pgrep -P "$first" -x cat
  run --separate-stderr renew plain
  cat pin >gate
  [ "$status" -eq 8 ]
  says '.error.code == "busy"'
  wait "$first"
  jq -e '.result == "renewed"' first
}

@test "an interrupted renewal keeps another from beginning until it is resumed" {
  anew
  UKEY_PRACTICE_FAULT='C_CreateObject!:1=die' renew plain >/dev/null 2>&1 || true
  run --separate-stderr renew plain
  [ "$status" -eq 8 ]
  says '.error.code == "busy" and (.error.hint | contains("renew resume"))'
  run --separate-stderr resume
  says '.result == "renewed"'
}
