# Reads a manual page or a Markdown file and prints the commands of its examples, in order: STATUS <tab> COMMAND.
# A page: lines `$ COMMAND` in the section EXAMPLES, after `.Dl` or in a literal block; the roff comment `status: N`
# right before one says with what exit status it has to end. Markdown: lines `$ COMMAND` in blocks of kind `console`;
# `<!-- status: N -->` right before the block holds for all of it. Without a word 0 is meant.

function unescaped(text) {
  gsub(/\\\(dq/, "\"", text)
  gsub(/\\e/, "\\", text)
  gsub(/\\-/, "-", text)
  gsub(/\\&/, "", text)
  return text
}

function example(command) {
  print expected + 0 "\t" command
  if (!markdown) expected = 0
}

FNR == 1 { markdown = FILENAME ~ /\.md$/ }

markdown && /^```console$/ { inside = 1; next }
markdown && /^```/ { if (inside) expected = 0; inside = 0; next }
markdown && inside && /^\$ / { example(substr($0, 3)); next }
markdown && /^<!-- status: [0-9]+ -->$/ { expected = $3; next }
markdown && !inside { expected = 0 }

!markdown && /^\.Sh / { inside = $2 == "EXAMPLES"; next }
!markdown && /^\.\\" status: [0-9]+$/ { expected = $3; next }
!markdown && inside && /^\.Dl \$ / { example(unescaped(substr($0, 7))); next }
!markdown && inside && /^\$ / { example(unescaped(substr($0, 3))) }
