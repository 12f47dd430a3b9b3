// `cert list | show | export | verify`: certificates of the one token, or of a file.
#include <algorithm>
#include <nlohmann/json.hpp>

#include "base/error.hpp"
#include "cli/commands.hpp"
#include "cli/context.hpp"
#include "cli/export.hpp"
#include "cli/trust.hpp"
#include "ops/certificates.hpp"
#include "policy/checks.hpp"
#include "x509/bundle.hpp"

namespace ukey::cli {

namespace {

struct CertificateSource {
  std::optional<model::TokenRef> token;
  std::vector<model::CertificateRow> rows;
  ops::TokenKeys keys;
};

CertificateSource read_certificates(Context& context, bool with_keys) {
  const auto bench = context.bench();
  if (const auto file = context.arguments().value("--file"))
    return {{}, ops::file_rows(*bench, *file), {}};
  auto read = ops::read_token_certificates(bench, with_keys);
  return {read.token, std::move(read.rows), std::move(read.keys)};
}

int list_rows(Context& context, const std::string& selector) {
  const auto source = read_certificates(context, false);
  auto document = context.document(source.token);
  document["certificates"] =
      report::describe_certificates(ops::picked(source.rows, selector), context.report_options());
  return context.emit(document);
}

/// The one certificate to verify: the selected one, else the current ones, else the only one.
std::vector<model::CertificateRow> rows_to_verify(const CertificateSource& source,
                                                  const std::string& selector) {
  auto rows = ops::picked(source.rows, selector);
  if (selector.empty() && std::ranges::any_of(rows, [](const auto& row) { return row.current; }))
    std::erase_if(rows, [](const auto& row) { return !row.current; });
  return rows;
}

}  // namespace

int cmd_cert_list(Context& context) { return list_rows(context, ""); }

int cmd_cert_show(Context& context) { return list_rows(context, context.operand()); }

int cmd_cert_export(Context& context) {
  const auto source = read_certificates(context, false);
  const bool der = context.arguments().value("--format").value_or("pem") == "der";
  std::vector<Output> outputs;
  for (const auto& row : ops::picked(source.rows, context.operand())) {
    if (row.error) continue;
    const auto text = x509::pem(row.certificate.der);
    outputs.push_back({row.certificate.serial + (der ? ".cer" : ".pem"),
                       der ? row.certificate.der : base::Bytes(text.begin(), text.end())});
  }
  if (outputs.empty()) throw base::Error{base::Code::not_found, context.operand()};
  return export_outputs(context, context.document(source.token), outputs, !der);
}

int cmd_cert_verify(Context& context) {
  const auto bench = context.bench();
  const auto source = read_certificates(context, true);
  const auto trust =
      trust_of(context.arguments(), source.token ? source.token->profile : std::nullopt);
  const auto rows = rows_to_verify(source, context.operand());
  if (rows.empty()) throw base::Error{base::Code::not_found, source.token->label};
  auto document = context.document(source.token);
  document["certificates"] = report::describe_certificates(rows, context.report_options());
  document["checks"] = report::Json::array();
  bool good = true;
  for (const auto& row : rows) {
    if (row.error) {
      good = false;
      continue;
    }
    const auto checks = ops::verified(*bench, row, trust, source.token ? &source.keys : nullptr);
    for (auto& check : report::describe_checks(checks)) {
      check["sha256"] = row.certificate.sha256;
      document["checks"].push_back(check);
    }
    good = good && policy::passed(checks);
  }
  return context.emit(document, good ? 0 : 1);
}

}  // namespace ukey::cli
