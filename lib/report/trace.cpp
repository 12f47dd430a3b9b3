#include "report/trace.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstddef>
#include <string_view>
#include <utility>
#include <vector>

#include "base/bytes.hpp"
#include "base/text.hpp"

namespace ukey::report {

namespace {

struct Sum {
  std::string_view call;
  std::size_t count = 0;
  std::size_t refused = 0;
  double milliseconds = 0;
};

std::vector<Sum> sums(std::span<const model::CallRecord> records) {
  std::vector<Sum> out;
  for (const auto& record : records) {
    auto found = std::find_if(out.begin(), out.end(),
                              [&](const Sum& sum) { return sum.call == record.call; });
    if (found == out.end()) found = out.insert(out.end(), Sum{record.call});
    ++found->count;
    found->refused += record.rv == 0 ? 0U : 1U;
    found->milliseconds += record.milliseconds;
  }
  std::stable_sort(out.begin(), out.end(),
                   [](const Sum& a, const Sum& b) { return a.milliseconds > b.milliseconds; });
  return out;
}

}  // namespace

std::string trace_line(const model::CallRecord& record) {
  const auto answer = record.ckr.empty() ? base::hex_number(record.rv) : record.ckr;
  return fmt::format("{:<28} {:<11} {:>9.3f} ms", base::printable(record.call),
                     base::printable(answer), record.milliseconds);
}

std::string trace_summary(std::span<const model::CallRecord> records, Lang lang) {
  if (records.empty()) return {};
  double total = 0;
  const model::CallRecord* slowest = &records.front();
  for (const auto& record : records) {
    total += record.milliseconds;
    if (record.milliseconds > slowest->milliseconds) slowest = &record;
  }
  std::string out =
      fmt::format(fmt::runtime(pick(lang, "共 {} 次调用，{:.3f} ms；最慢的 {}：{:.3f} ms\n",
                                    "{} calls, {:.3f} ms; slowest {}: {:.3f} ms\n")),
                  records.size(), total, base::printable(slowest->call), slowest->milliseconds);
  for (const Sum& sum : sums(records)) {
    out += fmt::format("  {:<26} {:>5} x {:>10.3f} ms", base::printable(sum.call), sum.count,
                       sum.milliseconds);
    if (sum.refused > 0)
      out += fmt::format(fmt::runtime(pick(lang, "  {} 次未成功", "  {} not CKR_OK")), sum.refused);
    out += "\n";
  }
  return out;
}

}  // namespace ukey::report
