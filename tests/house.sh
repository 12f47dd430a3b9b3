# shellcheck shell=bash
# The house tier: the architecture, the form of sources, scripts and manual pages. Each check is one case. Sourced by
# tests/run, which owns `scratch`, `tally` and `forgotten`.
# shellcheck disable=SC2154 # owned by tests/run

sources() { find lib cli tests -type f \( -name '*.cpp' -o -name '*.hpp' \) | sort; }

scripts() {
  find cli tests .ci -type f \( -name '*.sh' -o -name '*.bash' -o -name '*.bats' \)
  find cli tests .ci -type f ! -name '*.*' -exec grep -lE '^#!.*(bash|bats|/sh)' {} +
}

pages() { find man -name '*.[15]' | sort; }

prose() {
  find lib cli tests man pkcs11-profiles .ci -type f
  find . -maxdepth 1 -type f ! -name '.codespellrc'
}

# The sources to be tidied: those that differ from where this branch began, or all. A header stands for its source.
tidied() {
  local base
  if [ -n "${UKEY_FULL-}" ]; then
    find lib cli -name '*.cpp'
  else
    base=$(git merge-base HEAD '@{upstream}' 2>/dev/null || git rev-parse -q --verify HEAD)
    [ "$base" != "$(git rev-parse -q --verify HEAD)" ] || base=$(git rev-parse -q --verify 'HEAD~1')
    {
      git diff --name-only ${base:+"$base"} -- lib cli
      git ls-files -o --exclude-standard -- lib cli
    } 2>/dev/null
  fi | sed -n 's/\.[ch]pp$/.cpp/p' | sort -u | while read -r file; do
    if [ -e "$file" ] && grep -qF "/$file\"" build/tidy/compile_commands.json; then echo "$file"; fi
  done
}

# each LIST COMMAND…: runs the command on what LIST prints.
each() {
  local list=$1
  shift
  "$list" | xargs -r -d '\n' "$@"
}

# check NAME COMMAND…: one case, passed when the command says nothing bad.
check() {
  local name=$1 since=$SECONDS log=$scratch/check.log
  shift
  if "$@" >"$log" 2>&1 </dev/null; then
    tally house "$name" 1 0 0 $((SECONDS - since)) "$log"
  else
    tally house "$name" 0 1 0 $((SECONDS - since)) "$log"
  fi
}

# check_list NAME LIST COMMAND…: the same for a list of files; skipped when there is none yet.
check_list() {
  local name=$1 list=$2
  shift 2
  if [ -n "$("$list")" ]; then
    check "$name" each "$list" "$@"
  else
    tally house "$name" 0 0 1 0 /dev/null
  fi
}

formatted() {
  local status=0
  each sources clang-format --dry-run -Werror >"$scratch/format.log" 2>&1 || status=$?
  grep 'error: ' "$scratch/format.log" || cat "$scratch/format.log"
  return "$status"
}

# Tables may be longer than the 256 entries that clang deduces by itself; g++ has no such limit.
tidy() {
  local status=0
  each tidied -n 1 -P "$(nproc)" clang-tidy -p build/tidy --quiet --extra-arg=-fbracket-depth=2048 \
    >"$scratch/tidy.log" 2>&1 || status=$?
  grep -vE '^[0-9]+ warnings?( and [0-9]+ errors?)? generated\.$' "$scratch/tidy.log"
  return "$status"
}

all_in_tiers() {
  local found
  found=$(forgotten)
  echo "$found"
  [ -z "$found" ]
}

house_checks() {
  printf '%s\n' clang-tidy rooms "rooms sees offences" "every case in a tier" clang-format mandoc shellcheck codespell
}

# run_check NAME: one of them.
run_check() {
  case $1 in
    clang-tidy)
      # It wants a command for each file, not for a room in one piece.
      cmake --preset dev -B build/tidy -D CMAKE_UNITY_BUILD=OFF >/dev/null 2>&1
      if [ -n "$(tidied)" ]; then check "$1" tidy; else tally house "$1" 0 0 1 0 /dev/null; fi
      ;;
    rooms) check "$1" bash tests/rooms.sh ;;
    "rooms sees offences") check "$1" bash tests/rooms.sh --self-test ;;
    "every case in a tier") check "$1" all_in_tiers ;;
    clang-format) check "$1" formatted ;;
    mandoc) check_list "$1" pages mandoc -T lint -W warning ;;
    shellcheck) check_list "$1" scripts shellcheck -x ;;
    codespell) check_list "$1" prose codespell ;;
  esac
}
