# shellcheck shell=bash
# Runs the suites of a tier and counts their cases. Sourced by tests/run, which owns `scratch`, `all_built`, the counts and
# `tally`.
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

# What has to be built for the given tiers.
targets_of() {
  local tier folder
  for tier; do
    for folder in $(folders_of "$tier"); do
      if has "tests/$folder/*.cpp"; then echo "test_$folder"; fi
      if has "tests/$folder/*.bats"; then
        echo ukey
        sed -n 's:.*/\(test_[a-z0-9_]*\)$:\1:p' tests/"$folder"/*.bats # doctest binaries that they run
      fi
    done
  done | sort -u
}

# True when a bats file of the given tiers looks at the program as it is installed, not only at the one with sanitizers.
wants_release() {
  local tier folder
  for tier; do
    for folder in $(folders_of "$tier"); do
      if has "tests/$folder/*.bats" && grep -q UKEY_RELEASE_BIN tests/"$folder"/*.bats; then return 0; fi
    done
  done
  return 1
}

# After a build that failed somewhere: was this target built all the same?
built() { [ -n "$all_built" ] || cmake --build --preset dev --target "$1" >/dev/null 2>&1; }

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
  # What runs in a lane has inherited that ctrl-C is ignored; programs under test begin as at a terminal.
  env --default-signal=INT,QUIT "${unset[@]}" -u SOFTHSM2_CONF -u LC_ALL -u LC_MESSAGES -u LANGUAGE LANG=C.UTF-8 \
    HOME="$place/home" TMPDIR="$place/tmp" XDG_RUNTIME_DIR="$place/runtime" \
    XDG_DATA_HOME="$place/home/data" XDG_CONFIG_HOME="$place/home/config" \
    XDG_STATE_HOME="$place/home/state" XDG_CACHE_HOME="$place/home/cache" \
    ASAN_OPTIONS=detect_leaks=1:halt_on_error=1:strict_string_checks=1:detect_stack_use_after_return=1 \
    UBSAN_OPTIONS=halt_on_error=1:print_stacktrace=1 LSAN_OPTIONS="$leaks" \
    UKEY_TEST_DRAWER="$scratch/drawer" UKEY_BIN="$PWD/build/dev/bin/ukey" UKEY_RELEASE_BIN="$PWD/build/release/bin/ukey" UKEY_SOURCE_DIR="$PWD" \
    "$@" </dev/null || status=$?
  rm -rf "$place"
  return "$status"
}

# doctest's summary names the cases; a crash, a leak at the end or a time limit shows in the
# status alone.
run_doctest() {
  local since=$SECONDS log=$scratch/suite.log status=0 counts good bad left
  sandboxed timeout -k 10 900 "build/dev/bin/test_$2" --no-colors >"$log" 2>&1 || status=$?
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
  sandboxed timeout -k 10 1200 bats --tap --print-output-on-failure "$2" >"$log" 2>&1 || status=$?
  left=$(grep -cE '^ok .* # skip' "$log")
  good=$(($(grep -c '^ok ' "$log") - left))
  bad=$(grep -c '^not ok ' "$log")
  planned=$(sed -n 's/^1\.\.\([0-9]*\)$/\1/p' "$log" | head -n 1)
  if [ $((good + bad + left)) -lt "${planned:-1}" ]; then bad=$((${planned:-1} - good - left)); fi
  if [ "$status" -ne 0 ] && [ "$bad" -eq 0 ]; then bad=1; fi
  awk '/^not ok /{shown = 1} /^ok /{shown = 0} (shown || !/^#/) && !/^(ok |1\.\.)/' "$log" >"$log.short"
  [ "$status" -ne 124 ] || echo "the time limit was reached" >>"$log.short"
  tally "$1" "${2#tests/}" "$good" "$bad" "$left" $((SECONDS - since)) "$log.short"
}

run_tier() {
  local folder file
  for folder in $(folders_of "$1"); do
    if has "tests/$folder/*.cpp" && built "test_$folder"; then run_doctest "$1" "$folder"; fi
    if has "tests/$folder/*.bats" && built ukey; then
      for file in tests/"$folder"/*.bats; do run_bats "$1" "$file"; done
    fi
  done
}

# lane TIER…: runs these one after another, with files of its own, and leaves the counts in them.
lane() {
  local tier
  scratch=$(mktemp -d "$scratch/lane.XXXXXX") passed=0 failed=0 skipped=0
  for tier; do run_tier "$tier"; done
  echo "$passed $failed $skipped" >"$scratch/counts"
}

# Runs the tiers in two lanes, since few suites keep two cores busy: peers start servers that are there once a machine,
# so these stay together. A lane that left no counts has failed.
run_lanes() {
  local tier first=() second=() counts good bad left
  for tier; do
    case $tier in peers | faults) second+=("$tier") ;; *) first+=("$tier") ;; esac
  done
  lane "${first[@]}" &
  [ -n "$all_built" ] || wait # what is not built yet is built in one lane at a time
  lane "${second[@]}" &
  wait
  for counts in "$scratch"/lane.*; do
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
