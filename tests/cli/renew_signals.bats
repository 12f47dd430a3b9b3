#!/usr/bin/env bats
# shellcheck disable=SC2016,SC2030,SC2031,SC2154 # words of other shells; bats sets and reads the others
# Renewals that a signal ends while a program of the site asks the CA: that program, and what it was told.

load stage
load renewal

setup_file() { renewal_stage; }

teardown_file() { end_renewal_stage; }

setup() {
  anew
  forgive_leaks
  mkdir tmp
  export TMPDIR=$PWD/tmp
}

teardown() { [ ! -e site.pid ] || kill -KILL -- "-$(cat site.pid)" 2>/dev/null || true; }

# asking WORDS COMMAND…: the command with a site's program that runs WORDS and then waits, until it has begun.
asking() {
  rm -f begun site.pid
  printf '#!/bin/bash\n%s\necho $$ >%q\ntest -s "$UKEY_FACTS" && mv %q %q\nsleep 60 & wait\nsleep 60\n' \
    "$1" "$PWD/site.tmp" "$PWD/site.tmp" "$PWD/site.pid" >site
  chmod +x site
  "${@:2}" >stdout 2>stderr 3>&- &
  pid=$!
  await_of "$pid" [ -e site.pid ] || { cat stdout stderr && return 1; }
  [ -n "$(find tmp -name facts.json)" ]
}

# ended: its exit status in `status`; no facts are left, and nothing of the program but what init has yet to bury.
ended() {
  status=0
  wait "$pid" || status=$?
  echo "exit $status" && cat stdout stderr
  [ -z "$(find tmp -mindepth 1 -not -name 'asan*')" ]
  await gone "$(cat site.pid)"
}

gone() { ! pgrep -g "$1" -r D,R,S,T >/dev/null; }

renewal=(env --default-signal=INT --default-signal=HUP "$UKEY_BIN" renew run --no-open-bids --yes --json)

@test "ctrl-C, SIGTERM and SIGHUP end the site's program, and what it was told is gone" {
  local end
  for end in INT:130 TERM:143 HUP:129; do
    asking '' "${renewal[@]}" -t "$DUE" --pin-file "$PIN" --ca-command "$PWD/site"
    kill -"${end%:*}" "$pid"
    ended
    [ "$status" -eq "${end#*:}" ]
    output=$(cat stdout)
    case $end in INT*) says '.error.code == "interrupted"' ;; *) [ -z "$output" ] ;; esac
    anew
  done
}

@test "a site's program that does not listen to SIGTERM is ended too" {
  asking 'trap "" TERM' "${renewal[@]}" -t "$DUE" --pin-file "$PIN" --ca-command "$PWD/site"
  kill -TERM "$pid"
  ended
  [ "$status" -eq 143 ]
}

@test "a renewal that ignores SIGHUP, as under nohup, goes on" {
  asking '' env --ignore-signal=HUP "${renewal[@]:3}" -t "$DUE" --pin-file "$PIN" --ca-command "$PWD/site"
  kill -HUP "$pid"
  kill -TERM "$pid"
  ended
  [ "$status" -eq 143 ]
}

@test "an item of a batch whose time is over leaves neither the site's program nor what it was told" {
  asking '' "$UKEY_BIN" batch run --ca-command "$PWD/site" --pin-file "$PIN" --no-open-bids --item-timeout 10 --jobs 1 -t "$DUE" --json
  ended
  [ "$status" -eq 10 ]
}
