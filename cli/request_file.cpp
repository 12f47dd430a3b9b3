#include "cli/request_file.hpp"

#include "base/error.hpp"
#include "base/file.hpp"
#include "cli/context.hpp"
#include "x509/request.hpp"

namespace ukey::cli {

namespace {

std::string encoded(const Context& context, const base::Bytes& request) {
  if (context.arguments().value("--format") == "der") return std::string{base::as_text(request)};
  return x509::request_pem(request);
}

base::Bytes joined(const Context& context, const std::vector<model::RequestRow>& requests) {
  if (requests.size() > 1 && context.arguments().value("--format") == "der")
    throw base::Error{base::Code::usage, "--format der (pem)"}.because(base::Cause::bad_value);
  std::string out;
  for (const auto& request : requests) out += encoded(context, request.der);
  const auto octets = base::as_bytes(out);
  return {octets.begin(), octets.end()};
}

}  // namespace

std::function<void(const std::vector<model::RequestRow>&)> request_delivery(
    Context& context, std::vector<report::WrittenFile>* files) {
  return [&context, files](const std::vector<model::RequestRow>& requests) {
    const auto out = context.arguments().value("--out").value_or("-");
    const auto octets = joined(context, requests);
    if (out == "-") return put(context.out(), base::as_text(octets), false);
    base::write_file(out, octets);
    if (files != nullptr) *files = {report::WrittenFile{out, octets.size()}};
  };
}

}  // namespace ukey::cli
