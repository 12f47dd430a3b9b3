#!/usr/bin/env bats
# shellcheck disable=SC2016,SC2030,SC2031,SC2154 # variables of jq; bats sets and reads the others
# What `cmake --install` puts where, and that the installed program finds its parts beside itself, wherever it is moved.

load stage

setup_file() {
  quiet_environment
  needs cmake
  drawer
  export BUILD=${UKEY_BUILD_DIR:-$(dirname "$(dirname "$UKEY_BIN")")}
  [ -e "$BUILD/cmake_install.cmake" ] || skip "$BUILD is no build folder"
  # A build of the program alone has no completion scripts yet.
  [ -e "$BUILD/completions/ukey.bash" ] || cmake --build "$BUILD" --target completions ukey-practice >/dev/null
  cmake --install "$BUILD" --prefix "$BATS_FILE_TMPDIR/prefix" >"$BATS_FILE_TMPDIR/install.log"
}

setup() { PREFIX=$BATS_FILE_TMPDIR/prefix; }

# The program of a prefix finds the nine tokens through its own profiles and its own module.
finds_its_parts() {
  run --separate-stderr "$1/bin/ukey" -m practice status --json
  [ "$status" -eq 0 ]
  says '.tokens | length == 9' \
    '.modules[0].file | startswith($prefix)' --arg prefix "$1/"
  run --separate-stderr "$1/bin/ukey" profile list --json
  says '[.tokens[], .cas[], .platforms[]] | length >= 10 and all(.file | startswith($prefix))' --arg prefix "$1/"
}

@test "program, module, profiles, manual and completions lie where the system looks for them" {
  [ -x "$PREFIX/bin/ukey" ]
  [ "$(find "$PREFIX"/lib* -path '*/ukey/ukey-practice.so' -type f | wc -l)" -eq 1 ]
  [ -f "$PREFIX/share/ukey/pkcs11-profiles/platforms/qinghai.toml" ]
  [ -f "$PREFIX/share/man/man1/ukey.1" ]
  [ -f "$PREFIX/share/man/man5/ukey-profile.5" ]
  [ -f "$PREFIX/share/bash-completion/completions/ukey" ]
  [ -f "$PREFIX/share/zsh/vendor-completions/_ukey" ]
  [ -f "$PREFIX/share/fish/vendor_completions.d/ukey.fish" ]
}

@test "nothing else is installed: no header, no library, no test" {
  [ "$(cd "$PREFIX" && echo *)" = "bin lib share" ]
  [ "$(ls "$PREFIX/bin")" = ukey ]
  run find "$PREFIX" -name '*.hpp' -o -name '*.a' -o -name '*test*'
  [ -z "$output" ]
  run find "$PREFIX" -type l
  [ -z "$output" ]
}

@test "the installed profiles are those of the sources" {
  diff -r "$STAGE_ROOT/pkcs11-profiles" "$PREFIX/share/ukey/pkcs11-profiles"
}

@test "every manual page of the sources is installed, the Chinese ones too" {
  local page section
  for page in "$STAGE_ROOT"/man/*.[15]; do
    section=${page##*.}
    cmp "$page" "$PREFIX/share/man/man$section/$(basename "$page")"
  done
  for page in "$STAGE_ROOT"/man/zh_CN/*.[15]; do
    [ -e "$page" ] || continue
    section=${page##*.}
    cmp "$page" "$PREFIX/share/man/zh_CN/man$section/$(basename "$page")"
  done
}

@test "the installed completion scripts are what the program prints" {
  "$PREFIX/bin/ukey" completion bash | cmp - "$PREFIX/share/bash-completion/completions/ukey"
  "$PREFIX/bin/ukey" completion zsh | cmp - "$PREFIX/share/zsh/vendor-completions/_ukey"
  "$PREFIX/bin/ukey" completion fish | cmp - "$PREFIX/share/fish/vendor_completions.d/ukey.fish"
}

@test "the installed program finds its profiles and its module" {
  finds_its_parts "$PREFIX"
}

@test "the installed program is found through a link and through the path" {
  ln -s "$PREFIX/bin/ukey" "$BATS_TEST_TMPDIR/link"
  run --separate-stderr "$BATS_TEST_TMPDIR/link" -m practice list --json
  [ "$status" -eq 0 ]
  says '.tokens | length == 9'
  cd / || return 1
  PATH=$PREFIX/bin:$PATH run --separate-stderr bash -c 'command ukey -m practice list --json'
  [ "$status" -eq 0 ]
  says '.tokens | length == 9'
}

@test "the installed program works after its prefix was moved elsewhere" {
  cp -a "$PREFIX" "$BATS_TEST_TMPDIR/original"
  mkdir "$BATS_TEST_TMPDIR/某处 with spaces"
  mv "$BATS_TEST_TMPDIR/original" "$BATS_TEST_TMPDIR/某处 with spaces/moved"
  finds_its_parts "$BATS_TEST_TMPDIR/某处 with spaces/moved"
}

@test "the installed program makes a practice token with the installed module" {
  UKEY_PRACTICE=$BATS_TEST_TMPDIR/fresh run --separate-stderr "$PREFIX/bin/ukey" practice create blank --json
  [ "$status" -eq 0 ]
  UKEY_PRACTICE=$BATS_TEST_TMPDIR/fresh run --separate-stderr "$PREFIX/bin/ukey" -m practice status --json
  [ "$status" -eq 0 ]
  says '[.tokens[].lock.kind] == ["blank"]'
}

@test "without its profiles the installed program says so instead of guessing" {
  cp -a "$PREFIX" "$BATS_TEST_TMPDIR/bare"
  rm -r "$BATS_TEST_TMPDIR/bare/share/ukey"
  run --separate-stderr "$BATS_TEST_TMPDIR/bare/bin/ukey" -m practice status --json
  [ "$status" -eq 3 ]
  says '.error.code == "bad_profile"'
  run --separate-stderr "$BATS_TEST_TMPDIR/bare/bin/ukey" --version
  [ "$status" -eq 0 ]
}
