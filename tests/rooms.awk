# Reads C++ sources line by line for rooms.sh and prints each offence as "file:line: what".
# Input, in this order: a table of rooms, a list of functions, then the sources (paths from the project's root).

function offend(what) { print FILENAME ":" FNR ": " what }

# The line without comments and without what stands in its literals, which is gathered in `literals`.
function code_of(line,    out, before, token) {
  out = ""; literals = ""; commented = 0
  while (line != "") {
    if (in_comment) {
      commented = 1
      if (!(at = index(line, "*/"))) return out
      line = substr(line, at + 2); in_comment = 0
    } else if (raw_end != "") {
      if (!(at = index(line, raw_end))) { literals = literals line; return out }
      literals = literals substr(line, 1, at - 1)
      line = substr(line, at + length(raw_end)); raw_end = ""
    } else if (!match(line, /\/\/|\/\*|"|'/)) {
      return out line
    } else {
      before = substr(line, 1, RSTART - 1); token = substr(line, RSTART, RLENGTH)
      line = substr(line, RSTART + RLENGTH); out = out before
      if (token == "//") { commented = 1; return out }
      if (token == "/*") in_comment = 1
      else if (token == "\"" && before ~ /R$/) {
        at = index(line, "("); raw_end = ")" substr(line, 1, at - 1) "\""; line = substr(line, at + 1)
      } else if (!(token == "'" && before ~ /[0-9a-fA-F]$/ && line ~ /^[0-9a-fA-F]/))
        line = after_literal(line, token)
    }
  }
  return out
}

function after_literal(line, quote) {
  while (match(line, "\\\\.|" quote)) {
    literals = literals substr(line, 1, RSTART - 1)
    if (substr(line, RSTART, 1) == quote) { literals = literals "\n"; return substr(line, RSTART + 1) }
    line = substr(line, RSTART + RLENGTH)
  }
  return ""
}

# Chinese characters, their punctuation and full-width forms, as octets of UTF-8.
function chinese(text) {
  return text ~ /[\344-\351][\200-\277][\200-\277]|\343[\200-\203][\200-\277]|\357\274[\200-\277]/
}

# Octets of a Chinese character with an ASCII mark beside it.
function half_width(text) {
  return text ~ /[\344-\351][\200-\277][\200-\277][?:,;!()]|[?:,;!()][\344-\351][\200-\277][\200-\277]/
}

function word(code, pattern) { return code ~ "(^|[^A-Za-z0-9_])" pattern }

function check_include(line,    target, first) {
  sub(/^[ \t]*#[ \t]*include[ \t]*/, "", line)
  target = substr(line, 2); sub(/[>"].*/, "", target)
  if (line ~ /^"/) {
    first = target; sub(/\/.*/, "", first)
    if (target !~ /\// || target ~ /^\.|\.\.\//) offend("include \"" target "\" not from the lib root")
    else if (first != room && index(" " rooms[room] " ", " " first " ") == 0)
      offend(room " may not include the room " first)
    return
  }
  if (target ~ /^CLI\// && room == "cli") cli11[FILENAME] = FNR
  if (target ~ /^(iostream|iomanip|sstream)$/ && room != "cli")
    offend("<" target ">: text is put together by fmt")
  else if (target ~ /^(fstream|filesystem|locale|clocale|cstdio|thread|mutex|random)$/ &&
           room ~ /^(policy|model)$/)
    offend(room " is pure: it may not include <" target ">")
  else if (target ~ /[.\/]/ && target !~ "^(" foreign[room] ")$" && !bridge(target))
    offend(room " may not include <" target ">")
}

# The one file of p11 that hands keys to OpenSSL.
function bridge(target) { return FILENAME ~ /^lib\/p11\/evp_key/ && target ~ /^openssl\/|^libp11\.h$/ }

function check_words(code) {
  if (room != "cli") {
    if (word(code, "system_clock::now") || word(code, "time\\((nullptr|NULL|0)\\)") || word(code, "localtime"))
      offend("the clock is read in cli only")
    if (word(code, "(secure_)?getenv") && room != "practice" && FILENAME !~ /^lib\/base\/(process|child)/)
      offend("the environment is read in cli only")
    if (word(code, "std::(cout|cerr|clog)") || word(code, "fmt::print") || word(code, "printf\\(") ||
        word(code, "puts\\("))
      offend("printing is for cli only")
    if (word(code, "isatty")) offend("the terminal is known in cli only")
    if (word(code, "(_|quick_)?exit\\(") && FILENAME !~ /^lib\/practice\/module\//)
      offend("ending the program is for cli only")
  }
  if (word(code, "C_InitToken") && room != "practice") offend("C_InitToken erases a token: lib/practice only")
  else if ((word(code, "CK[A-Z]?_[A-Z]") || word(code, "C_[A-Z][A-Za-z]+\\(")) && room !~ /^(p11|practice)$/)
    offend("PKCS#11 is spoken in p11 and practice only")
  if (code ~ /(^|[^A-Za-z0-9_.>])close\([^)]/ && FILENAME != "lib/base/descriptor.hpp")
    offend("a descriptor closes itself: base::Descriptor")
  if (chinese(literals) && !may_speak())
    offend("words for people belong to report, option tables or profile data")
  if (half_width(literals)) offend("beside a Chinese character stand full-width marks")
}

# Label patterns are what vendors call their seals, and a manifest has a yes or no in it: matched, never shown.
function may_speak() {
  return room ~ /^(report|practice)$/ || FILENAME ~ /^cli\/(commands|options|help|[a-z_]*words)[_.a-z]*$/ ||
         FILENAME ~ /^lib\/(profile\/token_reader|ops\/manifest)\.cpp$/
}

# `catch (...)` throws again, stands in a destructor, or has a comment on its own line or on a neighbour.
function settle_catch() {
  if (caught) print caught_in ":" caught ": catch (...) without a comment that says why"
  caught = 0
}

function note_catch(code) {
  if (caught && ((FNR == caught + 1 && commented) || word(code, "throw;"))) caught = 0
  if (caught && FNR > caught + 6) settle_catch()
  if (code !~ /catch *\( *\.\.\. *\)/) return
  settle_catch()
  if (commented || commented_before || ((FILENAME, FNR) in destructor)) return
  caught = FNR; caught_in = FILENAME
}

function begin_file() {
  settle_catch()
  in_comment = 0; raw_end = ""; commented_before = 0
  room = FILENAME ~ /^cli\// ? "cli" : FILENAME
  sub(/^lib\//, "", room); sub(/\/.*/, "", room)
  if (!(room in rooms)) offend("lib/" room " is no room of the house")
  header = FILENAME ~ /\.hpp$/
  if (header) { headers[FILENAME] = 0; if ($0 !~ /^\/\//) offend("a header opens with a comment on what it keeps and refuses") }
}

FNR == 1 { part++ }

part == 1 {
  split($0, column, /[ \t]*;[ \t]*/)
  gsub(/[ \t]/, "", column[1])
  rooms[column[1]] = column[2]; foreign[column[1]] = column[3] == "" ? "-" : column[3]
  next
}

part == 2 {  # first line, last line, file, name
  if ($4 ~ /^~/) for (i = $1; i <= $2; i++) destructor[$3, i] = 1
  if ($2 - $1 + 1 > 40 && $3 !~ /words|_tables?\./)
    print $3 ":" $1 ": the function " $4 " has " $2 - $1 + 1 " lines, 40 are allowed"
  next
}

FNR == 1 { begin_file() }

{
  if (header && /^#pragma once/) headers[FILENAME] = 1
  if (raw_end == "" && !in_comment && /^[ \t]*#[ \t]*include[ \t]*[<"]/) { check_include($0); next }
  code = code_of($0)
  note_catch(code)
  check_words(code)
  commented_before = commented
}

END {
  settle_catch()
  for (name in headers) if (!headers[name]) print name ":1: #pragma once is missing"
  for (name in cli11) {
    users++
    if (first_user == "" || name < first_user) first_user = name
  }
  for (name in cli11) if (users > 1 && name != first_user) print name ":" cli11[name] ": CLI11 is included by " first_user " already"
}
