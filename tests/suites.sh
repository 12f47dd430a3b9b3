# shellcheck shell=bash
# Which suites there are, and how each is run and its cases counted. Sourced by tests/run, which owns `scratch`, `all_built`,
# the counts and `tally`.
# shellcheck disable=SC2154 # owned by tests/run

# The folders of a tier under tests/; each may hold doctest sources, bats files, or both.
folders_of() {
  case $1 in
    pure) echo base model policy x509 seal envelope profile report ;;
    token) echo p11 practice ca ledger ops ;;
    binary) echo cli ;;
    peers | faults) echo "$1" ;;
  esac
}

has() { compgen -G "$1" >/dev/null; }

# suites TIER…: "TIER NAME" a line, where NAME is a folder of doctest cases, a bats file, or a check of the house.
suites() {
  local tier folder file
  for tier; do
    [ "$tier" != house ] || house_checks | sed 's/^/house /'
    for folder in $(folders_of "$tier"); do
      if has "tests/$folder/*.cpp"; then echo "$tier $folder"; fi
      for file in $(compgen -G "tests/$folder/*.bats"); do echo "$tier ${file#tests/}"; done
    done
  done
}

# The suites that take longest stand first, so that no worker is left alone with one at the end.
long_ones() {
  cat <<'LIST'
house clang-tidy
faults faults/renewal.bats
peers peers/batch_hub.bats
token practice
token ops
binary cli/manual.bats
peers peers/ledger.bats
peers peers/remote.bats
binary cli/renew_files.bats
binary cli/batch.bats
pure envelope
LIST
}

# The same lines as they came but for the long ones.
long_ones_first() {
  local all
  all=$(cat)
  long_ones | grep -xF "$all"
  grep -vxF "$(long_ones)" <<<"$all"
}

# What has to be built with sanitizers for suites on stdin: the doctest cases, those that bats files run, and in a full
# run all that is installed.
dev_targets() {
  local line
  while read -r line; do
    case $line in
      house*) ;;
      *.bats)
        sed -n 's:.*/\(test_[a-z0-9_]*\)$:\1:p' "tests/${line#* }"
        [ -z "${UKEY_FULL-}" ] || echo all
        ;;
      *) echo "test_${line#* }" ;;
    esac
  done | sort -u
}

# built PRESET TARGET: true when it is, also after a build that failed somewhere.
built() { [ -n "$all_built" ] || cmake --build --preset "$1" --target "$2" -- -n 2>&1 | grep -q 'no work to do'; }

# The program that the bats files run: the one that is installed, in a full run the one with sanitizers.
bats_preset() { if [ -n "${UKEY_FULL-}" ]; then echo dev; else echo release; fi; }

# How long a suite may take, in seconds: what hangs shall end some time.
time_limit() { if [ -n "${UKEY_FULL-}" ]; then echo 7200; else echo 1800; fi; }

# What a program under test sees of this machine: a home that no other suite has used, none of
# the user's settings, strict sanitizers.
sandboxed() {
  local unset=() name leaks='' place status=0
  place=$(mktemp -d "$scratch/XXXXXX")
  mkdir "$place/home" "$place/tmp"
  mkdir -m 700 "$place/runtime"
  for name in $(compgen -e UKEY_); do
    case $name in UKEY_SAMPLES | UKEY_FULL) ;; *) unset+=(-u "$name") ;; esac
  done
  [ ! -e tests/leaks.supp ] || leaks=suppressions=$PWD/tests/leaks.supp:print_suppressions=0
  # What runs in the background has inherited that ctrl-C is ignored; programs under test begin as at a terminal.
  env --default-signal=INT,QUIT "${unset[@]}" -u SOFTHSM2_CONF -u LC_ALL -u LC_MESSAGES -u LANGUAGE LANG=C.UTF-8 \
    HOME="$place/home" TMPDIR="$place/tmp" XDG_RUNTIME_DIR="$place/runtime" \
    XDG_DATA_HOME="$place/home/data" XDG_CONFIG_HOME="$place/home/config" \
    XDG_STATE_HOME="$place/home/state" XDG_CACHE_HOME="$place/home/cache" \
    ASAN_OPTIONS=detect_leaks=1:halt_on_error=1:strict_string_checks=1:detect_stack_use_after_return=1 \
    LSAN_OPTIONS="$leaks" UKEY_TEST_DRAWER="$drawer" UKEY_BIN="$PWD/build/$(bats_preset)/bin/ukey" UKEY_RELEASE_BIN="$PWD/build/release/bin/ukey" \
    UKEY_SOURCE_DIR="$PWD" "$@" </dev/null || status=$?
  rm -rf "$place"
  return "$status"
}

# doctest's summary names the cases; a crash, a leak at the end or a time limit shows in the
# status alone.
run_doctest() {
  local since=$SECONDS log=$scratch/suite.log status=0 counts good bad left
  sandboxed timeout -k 10 "$(time_limit)" "build/dev/bin/test_$2" --no-colors >"$log" 2>&1 || status=$?
  counts=$(sed -n 's/^\[doctest\] test cases: *[0-9]* *| *\([0-9]*\) passed *| *\([0-9]*\) failed *| *\([0-9]*\) skipped.*/\1 \2 \3/p' "$log")
  read -r good bad left <<<"${counts:-0 0 0}"
  if [ -z "$counts" ] || { [ "$status" -ne 0 ] && [ "$bad" -eq 0 ]; }; then
    echo "exit status $status" >>"$log"
    bad=1
  fi
  tally "$1" "$2" "$good" "$bad" "$left" $((SECONDS - since)) "$log"
}

# A file that stops before its plan is fulfilled has failed for each case it did not reach.
run_bats() {
  local since=$SECONDS log=$scratch/suite.log status=0 planned good bad left
  sandboxed timeout -k 10 "$(time_limit)" bats --tap --print-output-on-failure "tests/$2" >"$log" 2>&1 || status=$?
  left=$(grep -cE '^ok .* # skip' "$log")
  good=$(($(grep -c '^ok ' "$log") - left))
  bad=$(grep -c '^not ok ' "$log")
  planned=$(sed -n 's/^1\.\.\([0-9]*\)$/\1/p' "$log" | head -n 1)
  if [ $((good + bad + left)) -lt "${planned:-1}" ]; then bad=$((${planned:-1} - good - left)); fi
  if [ "$status" -ne 0 ] && [ "$bad" -eq 0 ]; then bad=1; fi
  awk '/^not ok /{shown = 1} /^ok /{shown = 0} (shown || !/^#/) && !/^(ok |1\.\.)/' "$log" >"$log.short"
  [ "$status" -ne 124 ] || echo "the time limit was reached" >>"$log.short"
  tally "$1" "$2" "$good" "$bad" "$left" $((SECONDS - since)) "$log.short"
}

# suite TIER NAME: runs it with files of its own, and leaves the counts in them.
suite() {
  local scratch passed=0 failed=0 skipped=0
  scratch=$(mktemp -d "$suites/XXXXXX")
  case $1:$2 in
    house:*) run_check "$2" ;;
    *.bats) built "$(bats_preset)" ukey && run_bats "$1" "$2" ;;
    *) built dev "test_$2" && run_doctest "$1" "$2" ;;
  esac
  echo "$passed $failed $skipped" >"$scratch/counts"
}

# worker NUMBER: takes the next suite from the list on descriptor 8 until there is none. Its drawer is its own, since a
# token is claimed for the whole machine by its serial.
worker() {
  local tier name drawer=$scratch/drawer.$1
  while next_suite; do suite "$tier" "$name" 8<&-; done
}

next_suite() {
  {
    flock 9
    read -r tier name <&8
  } 9>>"$suites/list.lock"
}

# run_suites WORKERS: runs those on stdin. A suite that left no counts has failed.
run_suites() {
  local number counts good bad left suites=$scratch/suites
  mkdir "$suites"
  for number in $(seq "$1"); do worker "$number" & done 8<&0
  wait
  for counts in "$suites"/*/; do
    read -r good bad left 2>/dev/null <"$counts/counts" || good=0 bad=1 left=0
    passed=$((passed + good)) failed=$((failed + bad)) skipped=$((skipped + left))
  done
}

# Every folder of cases belongs to a tier, so that none is forgotten. Prints those that do not.
forgotten() {
  local known=" " tier folder
  for tier in pure token binary peers faults; do known+="$(folders_of "$tier") "; done
  for folder in tests/*/; do
    folder=$(basename "$folder")
    if has "tests/$folder/*.bats" || has "tests/$folder/*.cpp"; then
      [[ $known == *" $folder "* ]] || echo "tests/$folder belongs to no tier"
    fi
  done
}
