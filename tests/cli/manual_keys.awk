# Reads ukey-json.5 and prints, for every command, each key that its document may have:
#   COMMAND <tab> PATH <tab> always|situational
# The page says in roff comments what its lists are: `command: A, B` and `part: NAME` before a list; behind an item
# `has: NAME` puts the keys of a part below it (without an item: beside it), and `situational` marks a key that is not
# in every document, or behind a `has` without an item a part that is not.

function word_after(colon) { return substr($0, index($0, colon) + length(colon)) }

function begin_list(kind, names, count, i, all) {
  delete owners
  count = split(names, all, /, */)
  for (i = 1; i <= count; i++) owners[kind ":" all[i]] = 1
  item = ""
}

function add(row, owner) {
  for (owner in owners) rows[owner, ++sizes[owner]] = row
}

function mark_situational(owner) {
  for (owner in owners) rows[owner, sizes[owner]] = rows[owner, sizes[owner]] "\tsituational"
}

function expand(owner, prefix, command, state, i, part, fields, path, mine) {
  for (i = 1; i <= sizes[owner]; i++) {
    split(rows[owner, i], fields, "\t")
    mine = state
    path = prefix
    if (fields[2] != "") path = (prefix == "" ? "" : prefix ".") fields[2]
    if (fields[1] == "key") {
      if (fields[3] == "situational") mine = "situational"
      situation[owner, fields[2]] = mine
      key = path
      sub(/\[\]$/, "", key)
      print command "\t" key "\t" mine
    } else {
      if (fields[2] != "") mine = situation[owner, fields[2]]
      if (fields[4] == "situational") mine = "situational"
      expand("part:" fields[3], path, command, mine)
    }
  }
}

/^\.\\" command: / { begin_list("command", word_after("command: ")); next }
/^\.\\" part: / { begin_list("part", word_after("part: ")); next }
/^\.\\" has: / { add("has\t" item "\t" word_after("has: ")); next }
/^\.\\" situational$/ { mark_situational(); next }
/^\.It Va / { item = $3; add("key\t" item); next }
/^\.El/ || /^\.S[hs] / { delete owners }

END {
  for (owner in sizes)
    if (owner ~ /^command:/) expand(owner, "", substr(owner, 9), "always")
}
