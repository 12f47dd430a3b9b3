// `envelope check | encrypt | decrypt`: encrypted files and the one token.
#include <sys/stat.h>

#include <nlohmann/json.hpp>

#include "base/error.hpp"
#include "base/pending_file.hpp"
#include "base/text.hpp"
#include "cli/commands.hpp"
#include "cli/context.hpp"
#include "cli/terminal.hpp"
#include "ops/certificates.hpp"
#include "ops/envelopes.hpp"
#include "report/note.hpp"

namespace ukey::cli {

namespace {

/// Where --out says. What is there already is replaced only when somebody says so, and that is
/// asked before anything is done.
std::string target(const Context& context) {
  const auto out = context.arguments().value("--out").value_or("");
  if (out.empty() || (out == "-" && context.json()))
    throw base::Error{base::Code::usage, "--out FILE"}.because(base::Cause::missing_word);
  if (out == "-") return "";
  struct stat facts {};
  if (stat(out.c_str(), &facts) != 0 || !S_ISREG(facts.st_mode)) return out;
  struct stat source {};  // never over the file that is read: it may be the only copy
  const bool itself = stat(context.arguments().operands.front().c_str(), &source) == 0 &&
                      source.st_dev == facts.st_dev && source.st_ino == facts.st_ino;
  if (itself)
    throw base::Error{base::Code::usage, "--out " + out}.because(base::Cause::over_source);
  if (context.arguments().flag("--yes")) return out;
  if (!report::is_yes(ask_line(report::replacement_question(out, context.lang()))))
    throw base::Error{base::Code::usage, "--yes"}.because(base::Cause::unconfirmed);
  return out;
}

/// Gives the file its name, or prints it; says so.
int deliver(Context& context, report::Json document, base::PendingFile& file,
            const std::string& path) {
  if (path.empty()) {
    file.copy_to(context.out());
    return 0;
  }
  file.commit();
  const report::WrittenFile written{base::decoded(base::as_bytes(path)), file.size()};
  document["files"] = report::describe_files({&written, 1});
  return context.emit(document);
}

/// Whom to encrypt to, and the frame of the document that says so.
struct Addressees {
  report::Json document;
  std::vector<model::CertificateRow> rows;
};

Addressees addressees(Context& context) {
  const auto bench = context.bench();
  if (const auto file = context.arguments().value("--file")) {
    try {
      return {context.document(std::nullopt), ops::receivers(ops::file_rows(*bench, *file), true)};
    } catch (const base::Error& error) {
      throw error.subject().empty() ? error.about(*file) : error;
    }
  }
  auto read = ops::read_token_certificates(bench, false);
  try {
    return {context.document(read.token), ops::receivers(std::move(read.rows), false)};
  } catch (const base::Error& error) {
    throw error.subject().empty() ? error.about(read.token.label) : error;
  }
}

}  // namespace

int cmd_envelope_check(Context& context) {
  const auto checked = ops::check_envelopes(context.bench(), context.arguments().operands);
  auto document = context.document(checked.token);
  document["envelopes"] = report::describe_envelopes(checked.rows, context.lang());
  return context.emit(document, ops::all_open(checked.rows) ? 0 : 1);
}

int cmd_envelope_encrypt(Context& context) {
  const auto path = target(context);
  auto to = addressees(context);
  base::PendingFile file{path, base::Readers::all};
  ops::make_envelope(context.arguments().operands.front(), to.rows,
                     context.arguments().flag("--auth"),
                     [&file](base::ByteView octets) { file.write(octets); });
  to.document["certificates"] = report::describe_certificates(to.rows, context.report_options());
  return deliver(context, std::move(to.document), file, path);
}

int cmd_envelope_decrypt(Context& context) {
  const auto path = target(context);
  base::PendingFile file{path, base::Readers::owner};  // before a PIN is asked for
  const auto unlocked =
      ops::unlock_envelope(context.bench(true), context.arguments().operands.front());
  ops::pour_envelope(unlocked, [&file](base::ByteView octets) { file.write(octets); });
  auto document = context.document(unlocked.token);
  document["envelopes"] = report::describe_envelopes({&unlocked.row, 1}, context.lang());
  return deliver(context, std::move(document), file, path);
}

}  // namespace ukey::cli
