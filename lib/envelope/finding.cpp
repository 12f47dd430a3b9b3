#include "envelope/finding.hpp"

#include <sys/stat.h>

#include <algorithm>
#include <utility>

#include "base/error.hpp"
#include "envelope/archive.hpp"
#include "envelope/armour.hpp"
#include "envelope/cms.hpp"

namespace ukey::envelope {

namespace {

constexpr std::size_t kMostRows = 1'000;
constexpr int kMostLevels = 4;  // containers in one another
// Encrypted octets do not shrink, and text seldom to less than a hundredth.
constexpr std::uint64_t kLeastBudget = std::uint64_t{64} << 20;
constexpr std::uint64_t kMostGrowth = 100;

using Certificates = std::span<const model::CertificateRow>;

/// Of several of the token's certificates that it is for, a current one counts before an older one.
void match(model::EnvelopeRow& row, CMS_ContentInfo* cms, Certificates certificates) {
  for (const auto& known : certificates) {
    if (known.error || row.opens == model::EnvelopeOpens::current) continue;
    if (!is_for(cms, x509::decode_certificate(known.certificate.der).get())) continue;
    const bool gone = known.has_private_key == false;
    if (gone && !row.certificate.empty()) continue;
    row.certificate = known.certificate.sha256;
    row.has_private_key = known.has_private_key;
    if (gone) continue;
    row.opens = known.current ? model::EnvelopeOpens::current : model::EnvelopeOpens::older;
  }
}

/// Reads the envelope to its end.
Found read_whole(Stream& stream, Certificates certificates) {
  Reader reader{stream};
  reader.finish();
  Found out{reader.frame(), {}};
  const auto cms = decode(out.frame);
  out.row.kind = out.frame.kind;
  out.row.algorithm = algorithm_of(out.frame);
  out.row.recipients = recipients_of(cms.get());
  match(out.row, cms.get(), certificates);
  return out;
}

/// Gathers the rows of one file.
class Search {
 public:
  Search(std::string path, Certificates certificates)
      : path_(std::move(path)), certificates_(certificates) {}

  std::vector<model::EnvelopeRow> run() {
    try {
      if (is_container(open_file(path_).peek(kBeginning)))
        walk();
      else
        add("", read_envelope(path_, certificates_).row);
    } catch (const base::Error& error) {
      fail("", error);
    }
    if (rows_.empty()) fail("", base::Error{base::Code::bad_input});
    return std::move(rows_);
  }

 private:
  void walk() {
    struct stat facts {};
    const auto size =
        stat(path_.c_str(), &facts) == 0 ? static_cast<std::uint64_t>(facts.st_size) : 0;
    budget_.left = kLeastBudget + size * kMostGrowth;
    walk_container(
        path_, budget_, [this](const auto& name, Stream&& in) { look(name, std::move(in), 1); },
        [this](const auto& name, const auto& error) { fail(name, error); });
  }

  /// `level`: how many containers the file lies in.
  void look(const std::string& name, Stream contents, int level) {
    if (is_container(contents.peek(kBeginning))) return walk_inner(name, contents, level);
    Stream bare = unarmoured(std::move(contents));
    if (kind_of(bare.peek(kBeginning))) add(name, read_whole(bare, certificates_).row);
  }

  /// One that lies too deep is not passed over in silence: there may be an envelope in it.
  void walk_inner(const std::string& outer, Stream& container, int level) {
    if (level == kMostLevels) throw base::Error{base::Code::bad_input};
    walk_container(
        container, budget_,
        [&](const auto& name, Stream&& in) { look(outer + "/" + name, std::move(in), level + 1); },
        [&](const auto& name, const auto& error) { fail(outer + "/" + name, error); });
  }

  void add(const std::string& entry, model::EnvelopeRow row) {
    if (rows_.size() == kMostRows) throw base::Error{base::Code::bad_input};
    row.file = path_;
    row.entry = entry;
    rows_.push_back(std::move(row));
  }

  void fail(const std::string& entry, const base::Error& error) {
    if (rows_.size() > kMostRows) return;
    model::EnvelopeRow row;
    row.file = path_;
    row.entry = entry;
    row.error = error.about(entry.empty() ? path_ : path_ + "/" + entry);
    rows_.push_back(std::move(row));
  }

  std::string path_;
  Certificates certificates_;
  Budget budget_;
  std::vector<model::EnvelopeRow> rows_;
};

}  // namespace

Stream envelope_stream(const std::string& path) { return unarmoured(open_file(path)); }

Found read_envelope(const std::string& path, Certificates certificates) {
  try {
    Stream stream = envelope_stream(path);
    auto out = read_whole(stream, certificates);
    out.row.file = path;
    return out;
  } catch (const base::Error& error) {
    throw error.about(path);
  }
}

std::vector<model::EnvelopeRow> find_envelopes(const std::string& path, Certificates certificates) {
  return Search{path, certificates}.run();
}

}  // namespace ukey::envelope
